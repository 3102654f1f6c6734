package dev.mixdown.registry.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.platform.PlatformRows;
import dev.mixdown.registry.platform.PlatformRows.PlatformRow;
import dev.mixdown.registry.platform.PlatformRows.UnreadCell;
import dev.mixdown.registry.platform.PlatformSchema;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a database, each with its metrics. Both tables are read once, side by side, in the
 * order of the jobs' uuids, so that a database of any size fits into memory.
 */
final class JobStream implements AutoCloseable {
  private final PlatformRows jobs;
  private final @Nullable PlatformRows metrics;
  private final Consumer<UnreadCell> unread;
  private @Nullable PlatformRow metric;
  private @Nullable String last;

  /**
   * A job, with what it measured.
   *
   * @param row the number that its database gave it
   * @param metrics by the order in which they were written
   */
  record FoundJob(String uuid, long row, ObjectNode values, List<ObjectNode> metrics) {
    /** The columns that any of its metrics have, by name. */
    List<String> metricColumns() {
      TreeSet<String> columns = new TreeSet<>();
      metrics.forEach(one -> one.fieldNames().forEachRemaining(columns::add));
      return List.copyOf(columns);
    }

    /** The values of a row of metrics. */
    static List<@Nullable JsonNode> values(List<String> columns, ObjectNode row) {
      List<@Nullable JsonNode> values = new ArrayList<>(columns.size());
      columns.forEach(column -> values.add(row.get(column)));
      return values;
    }
  }

  /**
   * @param own the uuids of jobs to leave out, as a query; empty for none
   */
  JobStream(
      Database database, Handle handle, LiveSchema live, String own, Consumer<UnreadCell> unread)
      throws SQLException {
    this.unread = unread;
    jobs =
        new PlatformRows(
            database,
            handle.getConnection(),
            PlatformSchema.JOBS,
            live.table(PlatformSchema.JOBS.name()).orElseThrow(),
            "uuid",
            own.isEmpty() ? "" : "uuid NOT IN (" + own + ")",
            unread);
    String table = PlatformSchema.METRICS.name();
    metrics =
        live.has(table, "job_uuid")
            ? new PlatformRows(
                database,
                handle.getConnection(),
                PlatformSchema.METRICS,
                live.table(table).orElseThrow(),
                "job_uuid",
                own.isEmpty() ? "" : "job_uuid NOT IN (" + own + ")",
                unread)
            : null;
    nextMetric();
  }

  private void nextMetric() throws SQLException {
    metric = metrics == null ? null : metrics.next();
  }

  /** The next job; null behind the last. Metrics of jobs that are not there are told. */
  @Nullable FoundJob next() throws SQLException {
    for (PlatformRow row = jobs.next(); row != null; row = jobs.next()) {
      String uuid = row.text("uuid");
      if (uuid == null || uuid.isBlank()) {
        unread.accept(
            new UnreadCell("training_jobs", row.id(), "", "has no uuid; it was left out"));
      } else if (uuid.equals(last)) {
        unread.accept(
            new UnreadCell(
                "training_jobs",
                row.id(),
                "uuid",
                "is " + uuid + " a second time; the first row counts"));
      } else {
        last = uuid;
        return new FoundJob(uuid, row.id(), row.values(), metricsOf(uuid));
      }
    }
    while (metric != null) {
      passOver();
    }
    return null;
  }

  private List<ObjectNode> metricsOf(String uuid) throws SQLException {
    List<ObjectNode> found = new ArrayList<>();
    while (metric != null) {
      String job = metric.text("job_uuid");
      int order = job == null ? -1 : compare(job, uuid);
      if (order > 0) {
        break;
      }
      if (order < 0) {
        passOver();
      } else {
        metric.values().remove("job_uuid");
        found.add(metric.values());
        nextMetric();
      }
    }
    return found;
  }

  private void passOver() throws SQLException {
    if (metric != null) {
      String job = metric.text("job_uuid");
      unread.accept(
          new UnreadCell(
              "training_metrics",
              metric.id(),
              "job_uuid",
              job == null
                  ? "has no value; the row was left out"
                  : "is " + job + ", and there is no such job; the row was left out"));
      nextMetric();
    }
  }

  /** As databases order texts by their bytes. */
  private static int compare(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws SQLException {
    jobs.close();
    if (metrics != null) {
      metrics.close();
    }
  }
}
