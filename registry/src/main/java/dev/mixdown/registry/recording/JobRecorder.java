package dev.mixdown.registry.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Secrets;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.JobReport.Metrics;
import dev.mixdown.registry.JobReport.MetricsDigest;
import dev.mixdown.registry.JobsEntry;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.registry.platform.Cells.CellException;
import dev.mixdown.registry.platform.Column;
import dev.mixdown.registry.platform.JobStatus;
import dev.mixdown.registry.platform.PlatformSchema;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records jobs: that one began, how far it is, what it measured, how it ended. Each report has only
 * what has changed, so that of two who report at once, both are heard.
 */
public final class JobRecorder {
  private static final String WHAT = "the job";
  private static final int UUID_LENGTH = 8;

  private final Catalog catalog;
  private final Instant now;

  /**
   * What is told.
   *
   * @param uuid of a job that is known, or of a new one; empty for a new one
   * @param status empty where it stays; a new job is pending
   * @param columns of the platform's table, by their names, as text
   * @param config empty where it stays
   * @param metrics what it measured at a step, by name
   * @param step where it is; empty where that is not said
   * @param manifest which it follows; empty where that stays
   * @param versions what that is made of
   */
  public record Request(
      Optional<String> uuid,
      Optional<JobStatus> status,
      Map<String, String> columns,
      Optional<ObjectNode> config,
      Map<String, Double> metrics,
      Optional<Long> step,
      Optional<String> manifest,
      List<Used> versions) {}

  /**
   * @param now when it is told
   */
  public JobRecorder(Catalog catalog, Instant now) {
    this.catalog = catalog;
    this.now = now;
  }

  /**
   * Records it, and brings the catalog up to date.
   *
   * @return the job's uuid
   * @throws ConfigException when a value cannot be what its column holds, or a new job lacks one
   */
  public String record(Request request) throws IOException {
    String uuid =
        request
            .uuid()
            .orElseGet(
                () -> UUID.randomUUID().toString().replace("-", "").substring(0, UUID_LENGTH));
    Optional<JobReport> known = catalog.report(uuid);
    ObjectNode row = columns(uuid, request.columns());
    request.config().ifPresent(config -> row.set("config", Secrets.masked(config)));
    request.step().ifPresent(step -> row.put("current_step", step));
    String time = Cells.time(LocalDateTime.ofInstant(now, ZoneOffset.UTC));
    status(request, known, row, time);
    row.put("updated_at", time);
    if (known.isEmpty()) {
      begin(uuid, row, time);
    }
    JobReport report =
        new JobReport(
            uuid,
            row,
            JobReport.digest(row),
            metrics(request, row, time),
            request.versions(),
            request.manifest().orElse(null),
            known.isPresent() ? true : null);
    catalog.registry().add(JobsEntry.of(List.of(report), now.toString(), null));
    catalog.refresh();
    return uuid;
  }

  private static ObjectNode columns(String uuid, Map<String, String> columns) {
    ObjectNode row = Json.object();
    columns.forEach(
        (name, text) -> {
          Column column = PlatformSchema.JOBS.column(name).orElseThrow();
          try {
            row.set(name, Cells.of(column.type(), text));
          } catch (CellException e) {
            throw new ConfigException(WHAT, uuid, name + " " + e.getMessage());
          }
        });
    if (row.has("algorithm")) {
      Algorithm algorithm =
          Algorithm.of(row.get("algorithm").asText())
              .filter(known -> known != Algorithm.PRETRAIN)
              .orElseThrow(
                  () ->
                      new ConfigException(
                          WHAT,
                          uuid,
                          "algorithm is \"%s\"; known are sft, ppo, grpo, dpo, gspo"
                              .formatted(row.get("algorithm").asText())));
      row.put("algorithm", algorithm.name());
    }
    return row;
  }

  private static void status(
      Request request, Optional<JobReport> known, ObjectNode row, String time) {
    Optional<JobStatus> status =
        request
            .status()
            .or(() -> known.isPresent() ? Optional.empty() : Optional.of(JobStatus.PENDING));
    Optional<Job> before = known.map(report -> new Job(report.uuid(), report.row()));
    boolean has =
        status.isPresent()
            && (status.get() == JobStatus.RUNNING || status.get().isOver())
            && before.flatMap(job -> job.text("started_at")).isEmpty();
    if (has && !row.has("started_at")) {
      row.put("started_at", time);
    }
    if (status.map(JobStatus::isOver).orElse(false) && !row.has("completed_at")) {
      row.put("completed_at", time);
    }
    status.ifPresent(s -> row.put("status", s.name()));
  }

  /** A new job says what the platform's table has to have. */
  private static void begin(String uuid, ObjectNode row, String time) {
    if (!row.has("algorithm")) {
      throw new ConfigException(
          WHAT,
          uuid,
          "is new, and has no algorithm yet; set --algorithm sft, ppo, grpo, dpo or gspo");
    }
    row.put("uuid", uuid);
    if (!row.has("name")) {
      row.put("name", uuid);
    }
    if (!row.has("created_at")) {
      row.put("created_at", time);
    }
  }

  private static @Nullable Metrics metrics(Request request, ObjectNode row, String time) {
    if (request.metrics().isEmpty()) {
      return null;
    }
    TreeMap<String, JsonNode> values = new TreeMap<>();
    ObjectNode extra = Json.object();
    request
        .metrics()
        .forEach(
            (name, value) -> {
              boolean column =
                  PlatformSchema.METRICS
                      .column(name)
                      .map(c -> c.type() == Column.Type.REAL)
                      .orElse(false);
              JsonNode number = Cells.number(value);
              if (column) {
                values.put(name, number);
              } else {
                extra.set(name, number);
              }
            });
    if (!extra.isEmpty()) {
      values.put("extra_metrics", extra);
    }
    values.put("epoch", Json.tree(row.path("current_epoch").asLong(0)));
    values.put("step", Json.tree(request.step().orElse(0L)));
    values.put("timestamp", Json.tree(time));
    List<String> columns = List.copyOf(values.keySet());
    List<@Nullable JsonNode> one = new ArrayList<>(values.values());
    MetricsDigest digest = new MetricsDigest();
    digest.add(columns, one);
    return new Metrics(Metrics.APPENDED, "", columns, List.of(one), digest.value());
  }
}
