package dev.mixdown.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.configs.tree.Json;
import java.io.IOException;
import java.util.Optional;

/**
 * A manifest where people point at it: its folder, its {@code manifest.json}, or its stage's
 * folder, whose current one is meant.
 *
 * @param path the manifest's folder
 * @param manifest what its {@code manifest.json} says
 */
public record ManifestFolder(String path, JsonNode manifest) {

  /** The manifest at a path; empty where there is none. */
  public static Optional<ManifestFolder> at(String path) throws IOException {
    String folder = Storage.name(path).equals("manifest.json") ? Storage.folder(path) : path;
    Optional<byte[]> current = Storage.read(Storage.resolve(folder, "current.json"));
    if (current.isPresent()) {
      folder = Storage.resolve(folder, Json.read(current.get()).path("manifest_id").asText());
    }
    Optional<byte[]> manifest = Storage.read(Storage.resolve(folder, "manifest.json"));
    return manifest.isEmpty()
        ? Optional.empty()
        : Optional.of(new ManifestFolder(folder, Json.read(manifest.get())));
  }

  /** Whether there is neither a manifest nor a current one at a path. */
  public static boolean isMissing(String path) throws IOException {
    String folder = Storage.name(path).equals("manifest.json") ? Storage.folder(path) : path;
    return Storage.stat(Storage.resolve(folder, "current.json")).isEmpty()
        && Storage.stat(Storage.resolve(folder, "manifest.json")).isEmpty();
  }

  /** The manifest's id. */
  public String id() {
    return manifest.path("manifest_id").asText();
  }
}
