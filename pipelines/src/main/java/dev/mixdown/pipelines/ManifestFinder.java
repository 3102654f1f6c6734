package dev.mixdown.pipelines;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.registry.IdException;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Finds a manifest as people name it: by its folder or its {@code manifest.json}, by its stage's
 * folder, or by its id.
 */
public final class ManifestFinder {
  /** The digits of a manifest's id that a job's name shows: as many find it. */
  public static final int SHORT_ID = 6;

  private final Registry registry;
  private final Workspace workspace;
  private final Optional<String> output;

  /**
   * @param registry which knows ids
   * @param workspace where the registry's index is kept
   * @param output where manifests are written: a stage's name is enough below it
   */
  public ManifestFinder(Registry registry, Workspace workspace, Optional<String> output) {
    this.registry = registry;
    this.workspace = workspace;
    this.output = output;
  }

  /**
   * Finds a manifest.
   *
   * @param name a path, a stage's folder below the output folder, or the first digits of an id
   * @throws ConfigException when there is none
   * @throws DataException when its documents are damaged
   */
  public ManifestFolder find(String name) throws IOException {
    Optional<ManifestFolder> found = at(name);
    if (found.isEmpty() && output.isPresent()) {
      found = at(StoragePath.resolve(output.get(), name));
    }
    if (found.isEmpty() && name.matches("[0-9a-f]{" + SHORT_ID + ",}")) {
      found = byId(name);
    }
    return found.orElseThrow(
        () ->
            new ConfigException(
                "the manifest",
                name,
                "is not there; name a manifest's folder, its stage's folder, or the first digits of its id, which the registry has to know (--registry)"));
  }

  private Optional<ManifestFolder> at(String path) throws IOException {
    return StoragePath.isSupported(path)
        ? ManifestFolder.at(registry.storage(), path)
        : Optional.empty();
  }

  private Optional<ManifestFolder> byId(String digits) throws IOException {
    List<ManifestEntry> entries =
        RegistryIndex.manifests(registry, workspace.folder()).stream()
            .filter(entry -> entry.id().startsWith(digits))
            .toList();
    List<String> ids = entries.stream().map(ManifestEntry::id).distinct().toList();
    if (ids.size() > 1) {
      throw IdException.ambiguous(digits, ids);
    }
    for (ManifestEntry entry : entries) {
      Optional<ManifestFolder> found = at(entry.uri());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
