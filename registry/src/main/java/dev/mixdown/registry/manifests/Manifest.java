package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code manifest.json}: what a stage's samples are, and which files have them. Equal inputs at
 * equal places give equal bytes: there is no time in it.
 *
 * @param schemaVersion of this document; 1 where the file does not say it
 * @param id 20 hexadecimal digits of a digest over {@code identity}
 * @param epoch which of the orders, from 0
 * @param samples how many the manifest has
 * @param format of the parts: {@code parquet} or {@code jsonl}
 * @param planner the version of the planner that decided it
 * @param tasks what the stage trains for, as the config says it; absent without any
 * @param recipe what the stage will be trained by: id, version and SHA-256; absent without one. No
 *     sample depends on it
 * @param identity everything that the parts depend on; null in manifests before it was kept
 * @param datasets in the order of the index
 * @param heldOut data that must not be trained on
 * @param shards by dataset, then fingerprint: rows name them by their number in this list
 * @param strata in the order of the planner
 * @param notes what the planner had to say
 * @param carried what the config says that Mixdown does not use
 * @param parts by position
 * @param more keys that this version does not know
 */
public record Manifest(
    int schemaVersion,
    @JsonProperty("manifest_id") String id,
    String stage,
    @Nullable String variant,
    long epoch,
    @JsonAlias("total") long samples,
    String format,
    int planner,
    @Nullable String releaseName,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode tasks,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode recipe,
    ManifestSpec spec,
    @Nullable JsonNode identity,
    List<Dataset> datasets,
    List<HeldOut> heldOut,
    List<Shard> shards,
    List<Stratum> strata,
    @JsonAlias("warnings") List<Note> notes,
    @Nullable JsonNode carried,
    List<Part> parts,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
  /** The name of the file in a manifest's folder. */
  public static final String FILE = "manifest.json";

  /** The version that is written. */
  public static final int SCHEMA_VERSION = 2;

  /**
   * A dataset as it was used.
   *
   * @param version what identifies its content
   * @param records good ones that no filter leaves out
   * @param shards how many files it has
   * @param bundleVersions what the config says of its bundles
   * @param rejected bad records that were left out, by reason; absent without any
   * @param filtered good records that were left out, by the key of the rule; absent without any
   */
  public record Dataset(
      String name,
      String version,
      long records,
      long bytes,
      int shards,
      @Nullable JsonNode bundleVersions,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> rejected,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> filtered) {
    public Dataset {
      rejected = rejected == null ? Map.of() : rejected;
      filtered = filtered == null ? Map.of() : filtered;
    }
  }

  /**
   * Data that is held out.
   *
   * @param kind the key of the config that holds it out
   */
  public record HeldOut(
      String name, String kind, String version, long records, List<HeldOutShard> shards) {
    public HeldOut {
      shards = shards == null ? List.of() : List.copyOf(shards);
    }
  }

  /** A file of data that is held out. */
  public record HeldOutShard(String uri, String sha256, long bytes, long records) {}

  /**
   * A file that rows name.
   *
   * @param records good ones
   * @param format with its compression, as {@code jsonl.gz}
   * @param rejected how many bad records were left out; absent for none
   */
  public record Shard(
      String dataset,
      String uri,
      String sha256,
      long bytes,
      long records,
      String format,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) long rejected) {}

  /**
   * What a stratum was to have, can have and has.
   *
   * @param difficulty its level; null without levels
   * @param requestedShare from 0 to 1, to 12 decimals
   * @param capacity the most samples that it can give
   * @param quota the samples that it gives
   * @param achievedShare from 0 to 1, to 12 decimals
   * @param passes over its records, the last one perhaps in part
   * @param reason why it has another quota than its share; null where it has not
   */
  public record Stratum(
      String dataset,
      String category,
      @Nullable String difficulty,
      @Nullable BigDecimal requestedShare,
      long records,
      long capacity,
      long quota,
      @Nullable BigDecimal achievedShare,
      @Nullable BigDecimal passes,
      @Nullable String reason) {
    /** The stratum as documents have it. */
    public ObjectNode json() {
      return DocumentJson.tree(this);
    }
  }

  /**
   * A part as it was written.
   *
   * @param path seen from the manifest's folder
   * @param firstPosition of its first row
   * @param samples its rows
   * @param bytes of the file
   * @param sha256 of the file
   */
  public record Part(
      String path, long firstPosition, @JsonAlias("rows") long samples, long bytes, String sha256)
      implements Serializable {}

  public Manifest {
    schemaVersion = Math.max(1, schemaVersion);
    datasets = datasets == null ? List.of() : List.copyOf(datasets);
    heldOut = heldOut == null ? List.of() : List.copyOf(heldOut);
    shards = shards == null ? List.of() : List.copyOf(shards);
    strata = strata == null ? List.of() : List.copyOf(strata);
    notes = notes == null ? List.of() : List.copyOf(notes);
    parts = parts == null ? List.of() : List.copyOf(parts);
    more = more == null ? Map.of() : more;
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not a manifest, with the reason
   */
  public static Manifest read(byte[] bytes) throws IOException {
    Manifest manifest = DocumentJson.read(bytes, Manifest.class);
    if (!manifest.id.matches("[0-9a-f]{20}")
        || manifest.parts.isEmpty()
        || manifest.shards.isEmpty()
        || manifest.strata.isEmpty()) {
      throw new IOException(
          "it has no manifest_id of 20 hexadecimal digits, no shards, strata or parts");
    }
    return manifest;
  }

  /** The document. */
  public ObjectNode json() {
    return DocumentJson.tree(this);
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(json());
  }

  /** Whether its spec is the one that its identity has. */
  public boolean hasSpecOfIdentity() {
    try {
      return identity == null || ManifestSpec.of(identity.path("spec")).equals(spec);
    } catch (IOException e) {
      return false;
    }
  }

  /** The samples that each dataset gives, by name. */
  public Map<String, Long> samplesByDataset() {
    Map<String, Long> samples = new TreeMap<>();
    strata.forEach(stratum -> samples.merge(stratum.dataset(), stratum.quota(), Long::sum));
    return samples;
  }
}
