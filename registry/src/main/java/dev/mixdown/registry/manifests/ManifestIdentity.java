package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Digests;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a manifest's rows depend on, and nothing else: no place, no name of a file, no
 * time. The manifest's id is a digest of it.
 *
 * @param planner the version of the planner, as far as it matters to these rows
 * @param stage with its variant
 * @param tasks what the stage trains for; absent without any
 * @param sources the manifests that the rules for samples name; absent without any
 * @param heldOut digests of what is held out, where its records are left out; else absent
 */
public record ManifestIdentity(
    int planner,
    String stage,
    long epoch,
    String format,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode tasks,
    ManifestSpec spec,
    List<Dataset> datasets,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode sources,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode heldOut) {
  private static final int DIGITS = 20;

  /**
   * The content of a dataset.
   *
   * @param order the fingerprints of its shards by path, where rows depend on that; else absent
   */
  public record Dataset(
      String name,
      String version,
      long records,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> order) {}

  /** The document. */
  public JsonNode json() {
    return DocumentJson.tree(this);
  }

  /** The manifest's id. */
  public String id() {
    return id(json());
  }

  /** The id of a manifest whose identity was read from its file. */
  public static String id(JsonNode identity) {
    return Digests.sha256(Json.line(identity)).substring(0, DIGITS);
  }
}
