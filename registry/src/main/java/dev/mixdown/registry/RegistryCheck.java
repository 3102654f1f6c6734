package dev.mixdown.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.Registry.Damage;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every entry of a registry, read and held against its digest.
 *
 * @param registry its folder, in full
 * @param entries how many are undamaged, by kind
 * @param damaged the others
 */
public record RegistryCheck(
    String registry, Map<EntryKind<?>, Long> entries, List<Damage> damaged) {
  private static final int BATCH = 4096;

  /** Reads the registry in a folder. */
  public static RegistryCheck of(Storage storage, String folder) throws IOException {
    List<Damage> damaged = new ArrayList<>();
    Registry registry = new Registry(storage, folder, damaged::add);
    Map<EntryKind<?>, Long> entries = new LinkedHashMap<>();
    for (EntryKind<?> kind : EntryKind.ALL) {
      entries.put(kind, undamaged(registry, kind));
    }
    return new RegistryCheck(registry.folder(), entries, damaged);
  }

  private static long undamaged(Registry registry, EntryKind<?> kind) throws IOException {
    List<String> ids = registry.ids(kind);
    long undamaged = 0;
    for (int from = 0; from < ids.size(); from += BATCH) {
      List<String> some = ids.subList(from, Math.min(from + BATCH, ids.size()));
      undamaged += registry.readAll(kind, some).size();
    }
    return undamaged;
  }

  /** The document that {@code registry verify --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object().put("registry", registry);
    ObjectNode counts = document.putObject("entries");
    entries.forEach((kind, count) -> counts.put(kind.folder(), count));
    return document;
  }
}
