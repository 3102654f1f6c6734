package dev.mixdown.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.DataProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * A manifest where people point at it: its folder, its {@code manifest.json}, or its stage's
 * folder, whose current one is meant.
 *
 * @param path the manifest's folder
 * @param manifest what its {@code manifest.json} says
 */
public record ManifestFolder(String path, JsonNode manifest) {

  /**
   * The manifest at a path; empty where there is none.
   *
   * @throws DataException where its {@code current.json} or {@code manifest.json} is damaged, or
   *     the former names a manifest that is not there
   */
  public static Optional<ManifestFolder> at(String path) throws IOException {
    String folder = Storage.name(path).equals("manifest.json") ? Storage.folder(path) : path;
    Optional<byte[]> current = Storage.read(Storage.resolve(folder, "current.json"));
    if (current.isEmpty()) {
      return in(folder);
    }
    String id = json(folder, "current.json", current.get()).path("manifest_id").asText();
    Optional<ManifestFolder> found = in(Storage.resolve(folder, id));
    if (id.isEmpty() || found.isEmpty()) {
      throw damaged(folder, "current.json", "names manifest \"" + id + "\", which is not there");
    }
    return found;
  }

  private static Optional<ManifestFolder> in(String folder) throws IOException {
    Optional<byte[]> manifest = Storage.read(Storage.resolve(folder, "manifest.json"));
    return manifest.map(json -> new ManifestFolder(folder, json(folder, "manifest.json", json)));
  }

  private static JsonNode json(String folder, String name, byte[] bytes) {
    try {
      return Json.read(bytes);
    } catch (UncheckedIOException e) {
      throw damaged(folder, name, "is no JSON" + Causes.inBrackets(e));
    }
  }

  private static DataException damaged(String folder, String name, String how) {
    String remove = name.equals("current.json") ? "it" : "the folder";
    return new DataException(
        List.of(
            DataProblem.of(
                Storage.resolve(folder, name),
                "%s; remove %s and run prepare again".formatted(how, remove))));
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
