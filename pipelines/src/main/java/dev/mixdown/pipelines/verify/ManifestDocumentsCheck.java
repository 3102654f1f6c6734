package dev.mixdown.pipelines.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks what lies beside a manifest's parts: whether it can be read, and says the same. */
final class ManifestDocumentsCheck {
  private static final String REMEDY = "; remove the folder and run prepare again";
  private static final int ID_DIGITS = 20;

  private final String folder;
  private final JsonNode manifest;
  private final List<String> problems = new ArrayList<>();

  ManifestDocumentsCheck(String folder, JsonNode manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /** Whether a document has what every manifest has. */
  static boolean isManifest(JsonNode document) {
    return document.path("manifest_id").asText().matches("[0-9a-f]{20}")
        && document.path("total").isIntegralNumber()
        && document.path("parts").size() > 0
        && document.path("shards").isArray()
        && document.path("strata").isArray();
  }

  /** Everything that is wrong with the documents. */
  List<String> problems() throws IOException {
    identity();
    read("load_stats.json")
        .filter(stats -> stats.path("total_clips").longValue() != total())
        .ifPresent(
            stats ->
                problems.add(file("load_stats.json") + ": total_clips is not " + total() + REMEDY));
    read("lineage.json")
        .filter(lineage -> !lineage.at("/outputs/0/manifest_id").asText().equals(id()))
        .ifPresent(
            lineage -> problems.add(file("lineage.json") + ": it is of another manifest" + REMEDY));
    read("training_info.json")
        .filter(info -> !info.path("training_history").isArray())
        .ifPresent(
            info ->
                problems.add(
                    file("training_info.json")
                        + ": it has no training_history; correct it, or remove the file and run prepare again"));
    return problems;
  }

  private void identity() {
    String name = Storage.name(folder);
    if (!name.equals(id())) {
      problems.add(
          "%s: manifest_id is %s, but the folder is called %s%s"
              .formatted(file("manifest.json"), id(), name, REMEDY));
    }
    JsonNode identity = manifest.path("identity");
    if (identity.isObject()
        && !Digests.sha256(Json.line(identity)).substring(0, ID_DIGITS).equals(id())) {
      problems.add(
          "%s: manifest_id is not the digest of what the manifest says it was made of%s"
              .formatted(file("manifest.json"), REMEDY));
    }
    if (identity.isObject() && !identity.path("spec").equals(manifest.path("spec"))) {
      problems.add(file("manifest.json") + ": spec is not what the manifest was made of" + REMEDY);
    }
  }

  private Optional<JsonNode> read(String name) throws IOException {
    Optional<byte[]> bytes = Storage.read(file(name));
    if (bytes.isEmpty()) {
      problems.add(file(name) + ": the file is missing; run prepare again");
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(bytes.get()));
    } catch (UncheckedIOException e) {
      problems.add(
          file(name) + ": the file cannot be read as JSON; remove it and run prepare again");
      return Optional.empty();
    }
  }

  private String id() {
    return manifest.path("manifest_id").asText();
  }

  private long total() {
    return manifest.path("total").longValue();
  }

  private String file(String name) {
    return Storage.resolve(folder, name);
  }
}
