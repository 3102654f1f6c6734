package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code remix.json} beside the {@code manifest.json} of a manifest that goes on from another one
 * with another mix: the proof that nothing is lost and nothing is there twice. Of every stratum,
 * consumed + given + left over is as many times the dataset version as there are passes: as counts,
 * and as sums of digests.
 *
 * @param manifestId the manifest's id
 * @param continued the manifest that it goes on from
 * @param strata by dataset and category, also those that only the manifests before gave
 * @param unknown datasets that the manifest does not have any more, and of which it cannot be said
 *     what is left over, because their shards are gone or have changed
 * @param about what the digests are good for
 * @param more keys that this version does not know
 */
public record Remix(
    int schemaVersion,
    @JsonProperty("manifest_id") String manifestId,
    @JsonProperty("continue") Continued continued,
    List<Stratum> strata,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unknown,
    String about,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
  /** The name of the file in a manifest's folder. */
  public static final String FILE = "remix.json";

  /** The version that is written. */
  public static final int SCHEMA_VERSION = 1;

  /** What {@link #about} says. */
  public static final String ABOUT =
      "Digests are sums of hashes: they guard against accidents, not against a forger.";

  /**
   * The manifest that another one goes on from.
   *
   * @param consumed how many of its samples were taken before
   */
  public record Continued(@JsonProperty("manifest_id") String manifestId, long consumed) {}

  /**
   * Where the records of one category of a dataset went.
   *
   * @param version the dataset version
   * @param records that it has
   * @param passes the most often that any of them was consumed and given together
   * @param consumed the samples of them that were consumed, over all manifests that are continued
   * @param given the samples that the manifest gives
   * @param leftOver the samples that are left until every record was used {@code passes} times
   * @param gone samples that were consumed of records that the dataset does not have any more; it
   *     stands once for each dataset, and is absent where there are none
   */
  public record Stratum(
      String dataset,
      String category,
      String version,
      long records,
      long passes,
      long consumed,
      long given,
      long leftOver,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long gone,
      Digests digests) {}

  /** The digests of the same collections; that of the version is of its records, each once. */
  public record Digests(String version, String consumed, String given, String leftOver) {}

  public Remix {
    strata = strata == null ? List.of() : List.copyOf(strata);
    unknown = unknown == null ? List.of() : List.copyOf(unknown);
    more = more == null ? Map.of() : more;
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not such a proof
   */
  public static Remix read(byte[] bytes) throws IOException {
    Remix remix = DocumentJson.read(bytes, Remix.class);
    if (remix.manifestId == null || remix.continued == null) {
      throw new IOException("it has no manifest_id, or does not say what is continued");
    }
    return remix;
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }
}
