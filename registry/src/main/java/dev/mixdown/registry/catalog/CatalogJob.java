package dev.mixdown.registry.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.platform.JobStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as the catalog lists it. Times are in UTC, in the platform's form.
 *
 * @param status null where nobody knows the word that stands in its row; as the algorithm
 * @param lastSeen when it was last heard of: its newest metric, or change
 * @param numbers its columns that are numbers, those that it has
 */
public record CatalogJob(
    String uuid,
    String name,
    @Nullable String status,
    @Nullable String algorithm,
    @Nullable String recipe,
    @Nullable String manifest,
    @Nullable String model,
    @Nullable String dataPath,
    @Nullable String createdAt,
    @Nullable String startedAt,
    @Nullable String completedAt,
    @Nullable String updatedAt,
    @Nullable String lastSeen,
    Map<String, Double> numbers) {
  static final String COLUMNS =
      "uuid, name, status, algorithm, recipe, manifest, model, data_path, created_at, started_at,"
          + " completed_at, updated_at, last_seen, "
          + String.join(", ", JobWriter.NUMBERS);

  static CatalogJob of(ResultSet row) throws SQLException {
    Map<String, Double> numbers = new LinkedHashMap<>();
    List<String> columns = JobWriter.NUMBERS;
    for (int i = 0; i < columns.size(); i++) {
      double value = row.getDouble(14 + i);
      if (!row.wasNull()) {
        numbers.put(columns.get(i), value);
      }
    }
    return new CatalogJob(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getString(13),
        numbers);
  }

  /** Whether it runs, and was not heard of since some time. */
  public boolean isStale(String since) {
    return JobStatus.RUNNING.word().equals(status)
        && (lastSeen == null || lastSeen.compareTo(since) < 0);
  }

  /** A number of it. */
  public Optional<Double> number(String column) {
    return Optional.ofNullable(numbers.get(column));
  }

  /** A time as documents have it. */
  public static @Nullable String rfc3339(@Nullable String time) {
    return time == null ? null : time.replace(' ', 'T').replaceFirst("\\.?0+$", "") + "Z";
  }

  /**
   * The job as JSON.
   *
   * @param since before when a running job that was not heard of is stale
   */
  public ObjectNode json(String since) {
    ObjectNode json = Json.object();
    json.put("uuid", uuid);
    json.put("name", name);
    json.put("status", status);
    json.put("stale", isStale(since));
    json.put("algorithm", algorithm);
    json.put("recipe", recipe);
    json.put("manifest_id", manifest);
    json.put("model", model);
    json.put("data_path", dataPath);
    json.put("created_at", rfc3339(createdAt));
    json.put("started_at", rfc3339(startedAt));
    json.put("completed_at", rfc3339(completedAt));
    json.put("updated_at", rfc3339(updatedAt));
    json.put("last_seen", rfc3339(lastSeen));
    numbers.forEach((column, value) -> json.set(column, Numbers.json(value)));
    return json;
  }
}
