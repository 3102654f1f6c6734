package dev.mixdown.registry.experience;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.experience.MetricDirections.Direction;
import dev.mixdown.registry.jobs.JobConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The best jobs of a recipe by a metric, with what they were trained with.
 *
 * @param direction which values are better
 * @param value {@code best} or {@code last}
 * @param best the best first
 * @param compared how many completed jobs have the metric
 * @param unfinished jobs of the recipe that are not completed: left out
 * @param notFinite completed jobs with a value that is NaN or infinite: left out
 * @param unmeasured completed jobs without the metric: left out
 * @param otherData completed jobs on other data: left out
 */
public record BestPractices(
    String recipe,
    String metric,
    Direction direction,
    String value,
    List<Practice> best,
    long compared,
    long unfinished,
    long notFinite,
    long unmeasured,
    long otherData) {
  /** The best value over a job's steps. */
  public static final String BEST = "best";

  /** The value of a job's last step. */
  public static final String LAST = "last";

  /**
   * A job.
   *
   * @param value its metric's
   * @param step where it has it
   */
  public record Practice(CatalogJob job, double value, long step, JobConfig config) {
    private ObjectNode json() {
      ObjectNode json = Json.object();
      json.put("uuid", job.uuid());
      json.put("name", job.name());
      json.set("value", Numbers.json(value));
      json.put("step", step);
      json.put("created_at", CatalogJob.rfc3339(job.createdAt()));
      json.put("manifest_id", job.manifest());
      json.set("config", config.config());
      return json;
    }
  }

  /**
   * What is asked.
   *
   * @param last whether the value of the last step counts, else the best over all
   * @param data only jobs on such data; null for all
   */
  public record Request(
      String recipe,
      String metric,
      Direction direction,
      boolean last,
      int limit,
      @Nullable DataFilter data) {}

  /** A candidate. */
  private record Measured(String uuid, String created, double value, long step) {}

  /** Asks a catalog. */
  public static BestPractices of(Catalog catalog, Request request) throws IOException {
    boolean higher = request.direction() == Direction.HIGHER;
    String column = request.last() ? "latest" : higher ? "highest" : "lowest";
    List<String> completed = new ArrayList<>();
    long[] unfinished = {0};
    catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT uuid, status FROM mixdown_jobs WHERE recipe = ?"
                            + " AND status IS NOT NULL AND algorithm IS NOT NULL")
                    .bind(0, request.recipe())
                    .map(
                        (row, context) ->
                            row.getString(2).equals("completed")
                                ? completed.add(row.getString(1))
                                : ++unfinished[0] > 0)
                    .list());
    List<String> onData =
        request.data() == null ? completed : request.data().of(catalog, completed);
    Set<String> counted = new HashSet<>(onData);
    List<Measured> measured = new ArrayList<>();
    long[] notFinite = {0};
    long[] seen = {0};
    catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT j.uuid, j.created_at, m."
                            + column
                            + ", m."
                            + column
                            + "_step, m.not_finite, m.finite_values FROM mixdown_jobs j"
                            + " JOIN mixdown_metrics m ON m.uuid = j.uuid AND m.metric = ?"
                            + " WHERE j.recipe = ? AND j.status = 'completed'"
                            + " AND j.algorithm IS NOT NULL")
                    .bind(0, request.metric())
                    .bind(1, request.recipe())
                    .map(
                        (row, context) -> {
                          if (counted.contains(row.getString(1))) {
                            seen[0]++;
                            if (row.getLong(5) > 0 || row.getLong(6) == 0) {
                              notFinite[0]++;
                            } else {
                              measured.add(
                                  new Measured(
                                      row.getString(1),
                                      row.getString(2) == null ? "" : row.getString(2),
                                      row.getDouble(3),
                                      row.getLong(4)));
                            }
                          }
                          return 0;
                        })
                    .list());
    Comparator<Measured> byValue = Comparator.comparingDouble(Measured::value);
    measured.sort(
        (higher ? byValue.reversed() : byValue)
            .thenComparing(Measured::created, Comparator.reverseOrder())
            .thenComparing(Measured::uuid));
    List<Practice> best = new ArrayList<>();
    for (Measured one : measured.subList(0, Math.min(request.limit(), measured.size()))) {
      best.add(practice(catalog, one));
    }
    return new BestPractices(
        request.recipe(),
        request.metric(),
        request.direction(),
        request.last() ? LAST : BEST,
        best,
        measured.size(),
        unfinished[0],
        notFinite[0],
        onData.size() - seen[0],
        completed.size() - onData.size());
  }

  private static Practice practice(Catalog catalog, Measured measured) throws IOException {
    CatalogJob job = new CatalogJobs(catalog).exactly(measured.uuid()).orElseThrow();
    return new Practice(
        job,
        measured.value(),
        measured.step(),
        JobConfig.of(catalog.job(measured.uuid()).orElseThrow()));
  }

  /** What was left out, in words; empty where nothing was. */
  public List<String> leftOut() {
    List<String> words = new ArrayList<>();
    add(words, unfinished, "not completed");
    add(words, notFinite, "with NaN or infinite values");
    add(words, unmeasured, "without " + metric);
    add(words, otherData, "on other data");
    return words;
  }

  private static void add(List<String> words, long count, String what) {
    if (count > 0) {
      words.add(count + " " + what);
    }
  }

  /** The document that {@code experience best-practices --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object().put("recipe", recipe).put("metric", metric);
    document.put("direction", direction.word());
    document.put("value", value);
    ArrayNode list = document.putArray("best_practices");
    best.forEach(practice -> list.add(practice.json()));
    document.put("compared_jobs", compared);
    ObjectNode out = document.putObject("left_out");
    out.put("unfinished", unfinished);
    out.put("not_finite", notFinite);
    out.put("unmeasured", unmeasured);
    out.put("other_data", otherData);
    return document;
  }
}
