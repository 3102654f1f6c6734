package dev.mixdown.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.storage.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was told of a job at one time.
 *
 * @param uuid the job's
 * @param row the job's row in the platform's table of jobs: columns by their names, without null
 *     values and without the number that a database gave it
 * @param sha256 the digest of the row, as it was read ({@link #digest})
 * @param metrics what it measured; null for nothing new
 * @param versions the dataset versions that it was trained on, as far as they are known
 * @param manifest the id of the manifest that it followed; null where none is known
 * @param partial true where the row has only what has changed since the report before
 */
public record JobReport(
    String uuid,
    ObjectNode row,
    @JsonProperty("sha256") String sha256,
    @Nullable Metrics metrics,
    List<Used> versions,
    @Nullable String manifest,
    @Nullable Boolean partial) {
  /** A job's version is found out, and says nothing of the row as others wrote it. */
  public static final String VERSION_COLUMN = "dataset_version_hash";

  public JobReport {
    versions = versions == null ? List.of() : List.copyOf(versions);
  }

  /** A report of a whole row. */
  public static JobReport whole(
      String uuid,
      ObjectNode row,
      @Nullable Metrics metrics,
      List<Used> versions,
      @Nullable String manifest) {
    return new JobReport(uuid, row, digest(row), metrics, versions, manifest, null);
  }

  /** Whether the row has only what has changed. */
  public boolean onlyChanges() {
    return Boolean.TRUE.equals(partial);
  }

  /**
   * What a job measured, from some row on.
   *
   * @param after how many rows were told of before; 0 takes the place of all that were, and {@link
   *     #APPENDED} goes on from whatever there is
   * @param afterSha256 the digest of those
   * @param columns what the values of a row are
   * @param rows a list of values for each row, by step as they came
   * @param sha256 the digest of all rows up to the last of these
   */
  public record Metrics(
      long after,
      @JsonProperty("after_sha256") String afterSha256,
      List<String> columns,
      List<List<@Nullable JsonNode>> rows,
      @JsonProperty("sha256") String sha256) {
    /** Rows behind those that are there, however many they are. */
    public static final long APPENDED = -1;
  }

  /**
   * The digest of a row: of its columns by name, without those that are null, and without {@link
   * #VERSION_COLUMN}.
   */
  public static String digest(ObjectNode row) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    row.properties()
        .forEach(
            field -> {
              if (!field.getValue().isNull() && !field.getKey().equals(VERSION_COLUMN)) {
                sorted.put(field.getKey(), field.getValue());
              }
            });
    return Digests.sha256(sorted.toString());
  }

  /** Digests rows of metrics, one after the other. */
  public static final class MetricsDigest {
    private final MessageDigest digest = Digests.sha256();

    /** One more row: columns that are null are as if they were not there. */
    public void add(List<String> columns, List<? extends @Nullable JsonNode> row) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns.size(); i++) {
        JsonNode value = row.get(i);
        if (value != null && !value.isNull()) {
          line.append(columns.get(i)).append('=').append(value).append(' ');
        }
      }
      digest.update(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of all rows so far. */
    public String value() {
      try {
        return Digests.hex(((MessageDigest) digest.clone()).digest());
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("SHA-256 of this Java cannot be copied", e);
      }
    }
  }
}
