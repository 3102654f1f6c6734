package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * {@code current.json} in a stage's folder: which of its manifests is current.
 *
 * @param id the manifest's
 * @param manifest where its {@code manifest.json} lies, seen from the stage's folder
 * @param switchedAt when it became current, in UTC
 * @param more keys that this version does not know
 */
public record CurrentManifest(
    @JsonProperty("manifest_id") String id,
    String manifest,
    String switchedAt,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
  /** The name of the file in a stage's folder. */
  public static final String FILE = "current.json";

  public CurrentManifest {
    more = more == null ? Map.of() : more;
  }

  /** A manifest that becomes current now. */
  public static CurrentManifest of(String id, Instant now) {
    return new CurrentManifest(id, id + "/" + Manifest.FILE, now.toString(), Map.of());
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it does not name a manifest
   */
  public static CurrentManifest read(byte[] bytes) throws IOException {
    CurrentManifest current = DocumentJson.read(bytes, CurrentManifest.class);
    if (current.id.isEmpty()) {
      throw new IOException("it has no manifest_id");
    }
    return current;
  }

  /** Reads a file's content; empty where {@link #read} refuses it. */
  public static Optional<CurrentManifest> readIfSound(byte[] bytes) {
    try {
      return Optional.of(read(bytes));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether it names a manifest, and where that lies. */
  public boolean names(String manifestId) {
    return id.equals(manifestId) && (manifestId + "/" + Manifest.FILE).equals(manifest);
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }
}
