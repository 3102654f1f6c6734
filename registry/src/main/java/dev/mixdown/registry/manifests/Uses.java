package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code uses.json} beside {@code manifest.json}: what the manifest uses of each dataset version,
 * for questions about several manifests. Everything in it can be made again from the parts.
 *
 * @param manifestId the manifest's id
 * @param identityField the field that identities are taken from; null for the records' bytes
 * @param strata by dataset and category, in the manifest's order: what rows tell apart
 * @param parts for each part of the manifest, the file with its identities
 * @param more keys that this version does not know
 */
public record Uses(
    int schemaVersion,
    @JsonProperty("manifest_id") String manifestId,
    @Nullable String identityField,
    List<Stratum> strata,
    List<Part> parts,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
  /** The name of the file in a manifest's folder. */
  public static final String FILE = "uses.json";

  /** The folder beside it with the identities. */
  public static final String FOLDER = "uses";

  /** The version that is written. */
  public static final int SCHEMA_VERSION = 1;

  /**
   * What is used of one category of a dataset.
   *
   * @param version the dataset version
   * @param records as many as there are to choose from
   * @param samples how many the manifest has
   * @param passes which of the records, pass by pass; empty where the manifest does not say it
   * @param digest of the samples' identities, each as often as it is used; it adds up
   */
  public record Stratum(
      String dataset,
      String category,
      String version,
      long records,
      long samples,
      List<Pass> passes,
      String digest) {
    public Stratum {
      passes = passes == null ? List.of() : List.copyOf(passes);
    }
  }

  /**
   * The part of a pass that is used: the records of some ranks.
   *
   * @param difficulty the level that it is of; absent without levels
   * @param pass how often each of the records was given before
   * @param from the first rank, from 0
   * @param to the rank behind the last
   * @param of how many records the pass has
   */
  public record Pass(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String difficulty,
      long pass,
      long from,
      long to,
      long of) {}

  /**
   * The identities of a part's samples, in runs.
   *
   * @param path of the file, seen from the manifest's folder
   * @param sha256 of the file
   * @param identities how many different ones there are, each stratum's counted by itself
   * @param strata those that have samples in the part
   */
  public record Part(
      String path, long bytes, String sha256, long identities, List<PartStratum> strata)
      implements Serializable {
    public Part {
      strata = strata == null ? List.of() : List.copyOf(strata);
    }
  }

  /**
   * What a part has of a stratum.
   *
   * @param stratum its number in the list of strata
   */
  public record PartStratum(int stratum, long samples, String digest) implements Serializable {}

  public Uses {
    strata = strata == null ? List.of() : List.copyOf(strata);
    parts = parts == null ? List.of() : List.copyOf(parts);
    more = more == null ? Map.of() : more;
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it does not say what a manifest uses
   */
  public static Uses read(byte[] bytes) throws IOException {
    Uses uses = DocumentJson.read(bytes, Uses.class);
    if (uses.manifestId == null || uses.strata.isEmpty() || uses.parts.isEmpty()) {
      throw new IOException("it has no manifest_id, strata or parts");
    }
    return uses;
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }

  /** The samples of all strata. */
  public long samples() {
    return strata.stream().mapToLong(Stratum::samples).sum();
  }
}
