package dev.mixdown.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.registry.JobReport.Metrics;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.platform.Cells;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How several reports of one job add up. It does not matter in which order they are found: the row
 * is that of the report which is newest by the job's own {@code updated_at}, and what was measured
 * is put together in the order in which it was recorded.
 */
public final class JobReports {
  private JobReports() {}

  /**
   * A report, with where it stands.
   *
   * @param rank what is told of a job by itself counts more than what a training says of it
   * @param recordedAt when it was recorded
   * @param entry the id of the entry that it stands in
   */
  public record Told(int rank, String recordedAt, String entry, JobReport report) {
    /** Told of a job as a job. */
    public static final int JOB = 1;

    /** Told by an entry about a training. */
    public static final int TRAINING = 0;

    /** When the job was last changed, by its row. */
    public String updatedAt() {
      JsonNode text = report.row().get("updated_at");
      return text == null ? "" : Cells.normal(text.asText()).orElse("");
    }

    Key key() {
      return new Key(rank, report.versions().isEmpty() ? 0 : 1, updatedAt(), recordedAt, entry);
    }
  }

  /**
   * What decides which of two reports is newer.
   *
   * @param joined whether it says which versions were used: of two that say the same, it counts
   *     more
   */
  public record Key(int rank, int joined, String updatedAt, String recordedAt, String entry)
      implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::rank)
            .thenComparing(Key::updatedAt)
            .thenComparingInt(Key::joined)
            .thenComparing(Key::recordedAt)
            .thenComparing(Key::entry);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** The order in which things were recorded. */
  private static final Comparator<Told> RECORDED =
      Comparator.comparing(Told::recordedAt).thenComparing(Told::entry);

  /**
   * All reports of a job as one: the newest whole row, with what later ones changed. Its metrics
   * are in {@link #metrics}.
   */
  public static Told merged(List<Told> reports) {
    List<Told> sorted = reports.stream().sorted(Comparator.comparing(Told::key)).toList();
    int whole = sorted.size() - 1;
    while (whole > 0 && sorted.get(whole).report().onlyChanges()) {
      whole--;
    }
    Told last = sorted.get(sorted.size() - 1);
    if (whole == sorted.size() - 1) {
      return last;
    }
    ObjectNode row = sorted.get(whole).report().row().deepCopy();
    List<Used> versions = sorted.get(whole).report().versions();
    String manifest = sorted.get(whole).report().manifest();
    for (Told later : sorted.subList(whole + 1, sorted.size())) {
      row.setAll(later.report().row());
      if (!later.report().versions().isEmpty()) {
        versions = later.report().versions();
      }
      manifest = later.report().manifest() == null ? manifest : later.report().manifest();
    }
    return new Told(
        last.rank(),
        last.recordedAt(),
        last.entry(),
        JobReport.whole(last.report().uuid(), row, null, versions, manifest));
  }

  /**
   * All that was measured.
   *
   * @param rows in the order in which they were recorded
   * @param sha256 the digest of these
   */
  public record Measured(List<MetricRow> rows, String sha256) {}

  /**
   * All that was measured, row by row. A report goes on from those before it, or takes their place;
   * one that goes on from something else was told of a job as it had been, and is passed over.
   */
  public static Measured metrics(List<Told> reports) {
    List<MetricRow> rows = new ArrayList<>();
    Optional<String> digest = Optional.empty();
    for (Told told : reports.stream().sorted(RECORDED).toList()) {
      Metrics metrics = told.report().metrics();
      if (metrics == null) {
        continue;
      }
      if (metrics.after() == 0) {
        rows.clear();
      } else if (metrics.after() != Metrics.APPENDED
          && (metrics.after() != rows.size()
              || !metrics.afterSha256().equals(digest.orElseGet(() -> digest(rows))))) {
        continue;
      }
      digest =
          metrics.after() == Metrics.APPENDED ? Optional.empty() : Optional.of(metrics.sha256());
      metrics.rows().forEach(row -> rows.add(new MetricRow(metrics.columns(), row)));
    }
    return new Measured(rows, digest.orElseGet(() -> digest(rows)));
  }

  /** A row of metrics; its values are in the order of the columns. */
  public record MetricRow(List<String> columns, List<@Nullable JsonNode> values) {
    /** The value of a column; null where the row has none. */
    public @Nullable JsonNode get(String column) {
      int at = columns.indexOf(column);
      return at < 0 ? null : values.get(at);
    }
  }

  private static String digest(List<MetricRow> rows) {
    JobReport.MetricsDigest digest = new JobReport.MetricsDigest();
    rows.forEach(row -> digest.add(row.columns(), row.values()));
    return digest.value();
  }
}
