package dev.mixdown.registry.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.JobReports;
import dev.mixdown.registry.JobReports.Measured;
import dev.mixdown.registry.JobReports.MetricRow;
import dev.mixdown.registry.JobReports.Told;
import dev.mixdown.registry.TrainingEntry.Match;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.jobs.MetricSummary;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.registry.platform.JobStatus;
import dev.mixdown.registry.platform.PlatformRows;
import dev.mixdown.registry.platform.PlatformRows.PlatformRow;
import dev.mixdown.registry.platform.PlatformSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes jobs into the catalog, report by report: the platform's tables for its programs, mixdown's
 * for questions. What comes out depends on the reports only, and not on their order.
 *
 * <p>In a database that other programs write too, their rows stay theirs: of a job that stands
 * there, only what they do not have yet is added.
 */
final class JobWriter implements AutoCloseable {
  /** What mixdown's table has as numbers. */
  static final List<String> NUMBERS =
      List.of(
          "num_gpus",
          "learning_rate",
          "batch_size",
          "num_epochs",
          "max_steps",
          "context_length",
          "kl_coef",
          "rollout_n",
          "lora_enabled",
          "lora_rank",
          "current_step",
          "total_steps");

  private static final List<String> TIMES =
      List.of("created_at", "started_at", "completed_at", "updated_at");

  private final Database database;
  private final Handle handle;
  private final Connection connection;
  private final LiveSchema live;
  private final ReportSource source;
  private final RowWriter jobs;
  private final RowWriter metrics;
  private final Rows reports;
  private final Rows index;
  private final Rows summaries;
  private final Rows versions;

  private final Map<List<String>, Map<String, Integer>> places = new HashMap<>();

  /** Jobs that the catalog has, and those whose rows other programs wrote; read when needed. */
  private @Nullable Jobs there;

  private record Jobs(Set<String> known, Set<String> others) {}

  /** Finds reports again that were read before. */
  interface ReportSource {
    /** All reports of a job that stand in some entries, by the entries' kinds. */
    List<Told> of(String uuid, Map<String, String> entries) throws IOException;
  }

  JobWriter(Database database, Handle handle, LiveSchema live, ReportSource source)
      throws SQLException {
    this.database = database;
    this.handle = handle;
    this.connection = handle.getConnection();
    this.live = live;
    this.source = source;
    jobs = new RowWriter(database, connection, live, PlatformSchema.JOBS, "uuid");
    metrics = new RowWriter(database, connection, live, PlatformSchema.METRICS, "id");
    // A metric's job has to be there.
    metrics.after(jobs);
    reports = new Rows(connection, "mixdown_job_reports", "uuid, entry, kind, recorded_at");
    index =
        new Rows(
            connection,
            "mixdown_jobs",
            "uuid, entry, kind, recorded_at, row_sha256, metric_rows, metrics_sha256, joined,"
                + " owned, name, status, algorithm, recipe, manifest, model, data_path, created_at,"
                + " started_at, completed_at, updated_at, last_seen, gpu_type, "
                + String.join(", ", NUMBERS));
    summaries =
        new Rows(
            connection,
            "mixdown_metrics",
            "uuid, metric, finite_values, not_finite, lowest, lowest_step, highest, highest_step,"
                + " latest, latest_step");
    versions =
        new Rows(
            connection,
            "mixdown_job_versions",
            "uuid, version, dataset, match_by, confidence, reason");
  }

  private Jobs there() {
    if (there == null) {
      Set<String> others = texts("SELECT uuid FROM training_jobs WHERE uuid IS NOT NULL");
      others.removeAll(texts("SELECT uuid FROM mixdown_jobs WHERE owned = 1"));
      there = new Jobs(texts("SELECT uuid FROM mixdown_jobs"), others);
    }
    return there;
  }

  private Set<String> texts(String sql) {
    return new HashSet<>(handle.createQuery(sql).mapTo(String.class).list());
  }

  /** Adds a report. */
  void add(Told told) throws SQLException, IOException {
    String uuid = told.report().uuid();
    boolean owned = !there().others().contains(uuid);
    reports.add(uuid, told.entry(), kind(told), told.recordedAt());
    if (there().known().add(uuid)) {
      write(told, JobReports.metrics(List.of(told)), owned, false);
      return;
    }
    flush();
    Map<String, String> entries = new LinkedHashMap<>();
    handle
        .createQuery("SELECT entry, kind FROM mixdown_job_reports WHERE uuid = ?")
        .bind(0, uuid)
        .map((row, context) -> entries.put(row.getString(1), row.getString(2)))
        .list();
    List<Told> all = source.of(uuid, entries);
    for (String table : List.of("mixdown_jobs", "mixdown_metrics", "mixdown_job_versions")) {
      handle.execute("DELETE FROM " + table + " WHERE uuid = ?", uuid);
    }
    if (owned) {
      handle.execute("DELETE FROM training_metrics WHERE job_uuid = ?", uuid);
    }
    write(JobReports.merged(all), JobReports.metrics(all), owned, true);
  }

  private static String kind(Told told) {
    return (told.rank() == Told.JOB ? EntryKind.JOBS : EntryKind.TRAINING).word();
  }

  private void write(Told told, Measured measured, boolean owned, boolean again)
      throws SQLException {
    List<MetricRow> rows = measured.rows();
    JobReport report = told.report();
    Job job = new Job(report.uuid(), report.row());
    if (owned) {
      writeOwn(job, report, rows, again);
    } else {
      complete(job, report, rows);
    }
    index(job, told, measured, owned);
    for (Map.Entry<String, MetricSummary> metric : MetricSummary.of(rows).entrySet()) {
      MetricSummary m = metric.getValue();
      summaries.add(
          job.uuid(),
          metric.getKey(),
          m.values(),
          m.notFinite(),
          m.lowest(),
          m.lowestStep(),
          m.highest(),
          m.highestStep(),
          m.last(),
          m.lastStep());
    }
    for (Used used : report.versions()) {
      Match match = used.match();
      versions.add(
          job.uuid(),
          used.version(),
          used.name(),
          match == null ? null : match.by(),
          match == null ? null : match.confidence(),
          match == null ? null : match.why());
    }
  }

  private void writeOwn(Job job, JobReport report, List<MetricRow> rows, boolean again)
      throws SQLException {
    boolean there = again && isInPlatform(job.uuid());
    if (!job.isReadableByPlatform()) {
      // Its programs would stop at a word that they do not know.
      if (there) {
        handle.execute("DELETE FROM training_jobs WHERE uuid = ?", job.uuid());
      }
      return;
    }
    if (there) {
      jobs.update(column -> cell(report, column), job.uuid());
    } else {
      jobs.insert(column -> cell(report, column));
    }
    insert(job.uuid(), rows);
  }

  private boolean isInPlatform(String uuid) {
    return handle
        .createQuery("SELECT 1 FROM training_jobs WHERE uuid = ?")
        .bind(0, uuid)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  private void insert(String uuid, List<MetricRow> rows) throws SQLException {
    TextNode job = TextNode.valueOf(uuid);
    for (MetricRow row : rows) {
      Map<String, Integer> places = places(row.columns());
      metrics.insert(
          column -> {
            Integer place = places.get(column);
            return place != null ? row.values().get(place) : column.equals("job_uuid") ? job : null;
          });
    }
  }

  /** Where the columns of a row are; most rows have the same. */
  private Map<String, Integer> places(List<String> columns) {
    return places.computeIfAbsent(
        columns,
        c -> {
          Map<String, Integer> found = new HashMap<>();
          for (int i = 0; i < c.size(); i++) {
            found.put(c.get(i), i);
          }
          return found;
        });
  }

  /** Adds to others' job what its rows do not have. */
  private void complete(Job job, JobReport report, List<MetricRow> rows) throws SQLException {
    try (PlatformRows theirs =
        new PlatformRows(
            database,
            connection,
            PlatformSchema.JOBS,
            live.table(PlatformSchema.JOBS.name()).orElseThrow(),
            "uuid",
            "uuid = '" + job.uuid().replace("'", "''") + "'",
            unread -> {})) {
      PlatformRow row = theirs.next();
      if (row == null || !job.isReadableByPlatform()) {
        return;
      }
      if (isLater(row.text("updated_at"), report.row().get("updated_at"))) {
        // They have gone on, and will be taken in.
        return;
      }
      if (!JobReport.digest(row.values()).equals(report.sha256())) {
        Set<String> changed = new HashSet<>();
        report
            .row()
            .properties()
            .forEach(
                field -> {
                  if (!field.getValue().equals(row.values().get(field.getKey()))) {
                    changed.add(field.getKey());
                  }
                });
        jobs.updateOnly(changed, column -> cell(report, column), job.uuid());
      } else if (row.text(JobReport.VERSION_COLUMN) == null && !report.versions().isEmpty()) {
        handle.execute(
            "UPDATE training_jobs SET dataset_version_hash = ? WHERE uuid = ?",
            report.versions().get(0).version(),
            job.uuid());
      }
    }
    long there =
        handle
            .createQuery("SELECT count(*) FROM training_metrics WHERE job_uuid = ?")
            .bind(0, job.uuid())
            .mapTo(Long.class)
            .one();
    if (there < rows.size()) {
      insert(job.uuid(), rows.subList((int) there, rows.size()));
    }
  }

  private static boolean isLater(@Nullable String theirs, @Nullable JsonNode ours) {
    String a = theirs == null ? "" : Cells.normal(theirs).orElse("");
    String b = ours == null ? "" : Cells.normal(ours.asText()).orElse("");
    return a.compareTo(b) > 0;
  }

  /** What a column of the platform's table has: the version that was found out too. */
  private static @Nullable JsonNode cell(JobReport report, String column) {
    JsonNode value = report.row().get(column);
    if (value != null) {
      return value;
    }
    return switch (column) {
      case JobReport.VERSION_COLUMN ->
          report.versions().isEmpty() ? null : TextNode.valueOf(report.versions().get(0).version());
      case "recipe_id" ->
          new Job(report.uuid(), report.row()).recipe().map(TextNode::valueOf).orElse(null);
      case "name" -> TextNode.valueOf(report.uuid());
      case "updated_at" -> report.row().get("created_at");
      default -> null;
    };
  }

  private void index(Job job, Told told, Measured measured, boolean owned) throws SQLException {
    List<MetricRow> rows = measured.rows();
    JobReport report = told.report();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(job.uuid());
    values.add(told.entry());
    values.add(kind(told));
    values.add(told.recordedAt());
    values.add(report.sha256());
    values.add((long) rows.size());
    values.add(measured.sha256());
    values.add(report.versions().isEmpty() ? 0 : 1);
    values.add(owned ? 1 : 0);
    values.add(job.name());
    values.add(job.status().map(JobStatus::word).orElse(null));
    values.add(job.algorithm().map(Algorithm::word).orElse(null));
    values.add(job.recipe().orElse(null));
    values.add(report.manifest());
    values.add(job.text("model_path").orElse(null));
    values.add(job.text("train_data_path").orElse(null));
    String lastSeen = null;
    for (String column : TIMES) {
      String time = job.text(column).flatMap(Cells::normal).orElse(null);
      values.add(time);
      lastSeen = later(lastSeen, time);
    }
    for (MetricRow row : rows) {
      JsonNode time = row.get("timestamp");
      lastSeen = later(lastSeen, time == null ? null : Cells.normal(time.asText()).orElse(null));
    }
    values.add(lastSeen);
    values.add(job.text("gpu_type").orElse(null));
    for (String number : NUMBERS) {
      OptionalDouble value = job.number(number);
      values.add(value.isPresent() ? value.getAsDouble() : null);
    }
    index.add(values.toArray());
  }

  private static @Nullable String later(@Nullable String a, @Nullable String b) {
    return a == null || (b != null && b.compareTo(a) > 0) ? b : a;
  }

  /** Writes what waits. */
  void flush() throws SQLException {
    jobs.flush();
    metrics.flush();
    reports.flush();
    index.flush();
    summaries.flush();
    versions.flush();
  }

  @Override
  public void close() throws SQLException {
    jobs.close();
    metrics.close();
    reports.close();
    index.close();
    summaries.close();
    versions.close();
  }
}
