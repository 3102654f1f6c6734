package dev.mixdown.registry.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.JobReport.Metrics;
import dev.mixdown.registry.JobReport.MetricsDigest;
import dev.mixdown.registry.JobsEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.imports.JobStream.FoundJob;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.matching.VersionMatcher.MatchResult;
import dev.mixdown.registry.platform.PlatformRows;
import dev.mixdown.registry.platform.PlatformRows.PlatformRow;
import dev.mixdown.registry.platform.PlatformRows.UnreadCell;
import dev.mixdown.registry.platform.PlatformSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes a platform's database in: its jobs, what they measured, and its dataset versions become
 * entries of the registry. What the registry has already is not written again, so that an import
 * that is repeated adds what is new or has changed.
 */
public final class PlatformImport {
  private static final int MOST_JOBS = 200;
  private static final int MOST_METRICS = 2000;
  private static final int MOST_UNREAD = 1000;

  private final Catalog catalog;
  private final Request request;
  private final String now = Instant.now().toString();
  private final List<UnreadCell> unread = new ArrayList<>();
  private final Map<String, Join> joins = new TreeMap<>();
  private final List<JobReport> waiting = new ArrayList<>();
  private long unreadCells;
  private int waitingMetrics;
  private Numbers jobs = new Numbers(0, 0, 0);
  private Numbers metrics = new Numbers(0, 0, 0);
  private Numbers versions = new Numbers(0, 0, 0);
  private long joined;

  /**
   * What to take in.
   *
   * @param dryRun whether nothing is written
   * @param moved paths of data that lie elsewhere now: what they began with, and begin with now
   */
  public record Request(DatabaseAddress source, boolean dryRun, Map<String, String> moved) {}

  /**
   * How many rows there are.
   *
   * @param read in the database
   * @param fresh of these, those that were not known
   * @param changed those that were known otherwise
   */
  public record Numbers(long read, long fresh, long changed) {
    private Numbers plus(long more, long moreFresh, long moreChanged) {
      return new Numbers(read + more, fresh + moreFresh, changed + moreChanged);
    }
  }

  /**
   * The data of some jobs.
   *
   * @param path as the jobs have it
   * @param jobs how many have it
   * @param joined of these, those whose version is known
   * @param reason how it was found for the last of them, or why not
   */
  public record Join(String path, long jobs, long joined, String reason) {}

  /**
   * What was taken in.
   *
   * @param joined jobs whose dataset version is known
   * @param joins by the path of their data
   * @param unread what could not be understood, the first thousand
   * @param unreadCells how many there are
   */
  public record Outcome(
      String source,
      boolean dryRun,
      Numbers jobs,
      Numbers metrics,
      Numbers versions,
      long joined,
      List<Join> joins,
      List<UnreadCell> unread,
      long unreadCells) {
    /** The document that {@code catalog import --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object().put("database", source).put("dry_run", dryRun);
      document.set("jobs", Json.tree(jobs));
      document.set("metrics", Json.tree(metrics));
      document.set("versions", Json.tree(versions));
      document.put("joined", joined);
      document.set("data", Json.tree(joins));
      document.put("unread", unreadCells);
      document.set(
          "notes", Json.tree(unread.stream().map(u -> Map.of("message", u.toString())).toList()));
      return document;
    }
  }

  private final EntryQueue entries;

  private PlatformImport(Catalog catalog, Request request) {
    this.catalog = catalog;
    this.request = request;
    this.entries = new EntryQueue(catalog.registry());
  }

  /**
   * Takes a database in, and brings the catalog up to date.
   *
   * @throws ConfigException when it is no platform's database
   */
  public static Outcome run(Catalog catalog, Request request) throws IOException {
    return new PlatformImport(catalog, request).run();
  }

  private Outcome run() throws IOException {
    catalog.refresh();
    try (Database source = Database.open(request.source(), Database.Access.READ)) {
      LiveSchema live = source.schema();
      if (!live.has(PlatformSchema.JOBS.name(), "uuid")) {
        throw new ConfigException(
            "the database",
            source.address().toString(),
            "it has no table training_jobs with a column uuid; this is not a training platform's"
                + " database");
      }
      source.stream(
          handle -> {
            try {
              List<DatasetVersion> found = versions(source, handle, live);
              jobs(source, handle, live, found);
              return null;
            } catch (SQLException e) {
              throw source.exception(e);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      entries.close();
    }
    if (!request.dryRun()) {
      catalog.refresh();
    }
    return new Outcome(
        request.source().toString(),
        request.dryRun(),
        jobs,
        metrics,
        versions,
        joined,
        List.copyOf(joins.values()),
        unread,
        unreadCells);
  }

  private void unread(UnreadCell cell) {
    unreadCells++;
    if (unread.size() < MOST_UNREAD) {
      unread.add(cell);
    }
  }

  private String moved(String path) {
    for (Map.Entry<String, String> move : request.moved().entrySet()) {
      if (path.startsWith(move.getKey())) {
        return move.getValue() + path.substring(move.getKey().length());
      }
    }
    return path;
  }

  private List<DatasetVersion> versions(Database source, Handle handle, LiveSchema live)
      throws SQLException, IOException {
    List<DatasetVersion> found = new ArrayList<>();
    String table = PlatformSchema.VERSIONS.name();
    if (!live.has(table, "file_hash")) {
      return found;
    }
    try (PlatformRows rows =
        new PlatformRows(
            source,
            handle.getConnection(),
            PlatformSchema.VERSIONS,
            live.table(table).orElseThrow(),
            "file_hash",
            isShared()
                ? "file_hash NOT IN (SELECT version FROM mixdown_versions WHERE owned = 1)"
                : "",
            this::unread)) {
      for (PlatformRow row = rows.next(); row != null; row = rows.next()) {
        Optional<DatasetVersion> version =
            ImportedVersions.of(row, source.address().toString(), this::moved, this::unread);
        versions = versions.plus(1, 0, 0);
        version.ifPresent(found::add);
      }
    }
    List<DatasetVersion> fresh = new ArrayList<>();
    for (DatasetVersion version : found) {
      if (!catalog.registry().has(version)) {
        fresh.add(version);
      }
    }
    versions = versions.plus(0, fresh.size(), 0);
    if (!request.dryRun()) {
      catalog.registry().addAll(fresh);
    }
    return found;
  }

  /**
   * Whether the catalog lies in the database that is read: what mixdown wrote there is passed over.
   */
  private boolean isShared() {
    return request.source().toString().equals(catalog.database().address().toString());
  }

  private void jobs(Database source, Handle handle, LiveSchema live, List<DatasetVersion> imported)
      throws SQLException, IOException {
    Registry registry = catalog.registry();
    List<DatasetVersion> known =
        new ArrayList<>(registry.readAll(EntryKind.VERSION, registry.ids(EntryKind.VERSION)));
    known.addAll(imported);
    DataFinder data = new DataFinder(known, registry.storage(), this::moved);
    String own = isShared() ? "SELECT uuid FROM mixdown_jobs WHERE owned = 1" : "";
    try (JobStream stream = new JobStream(source, handle, live, own, this::unread);
        KnownJobs catalogued = new KnownJobs(catalog)) {
      for (FoundJob job = stream.next(); job != null; job = stream.next()) {
        add(job, catalogued.find(job.uuid()), data);
      }
    }
    flush();
    entries.end();
  }

  private void add(FoundJob found, @Nullable KnownJob known, DataFinder data) throws IOException {
    Job job = new Job(found.uuid(), found.values());
    tellUnknownWords(job, found.row());
    String sha256 = JobReport.digest(found.values());
    List<String> columns = found.metricColumns();
    MetricsDigest digest = new MetricsDigest();
    String empty = digest.value();
    long after = 0;
    String afterSha256 = empty;
    for (int i = 0; i < found.metrics().size(); i++) {
      digest.add(columns, FoundJob.values(columns, found.metrics().get(i)));
      if (known != null
          && known.metricRows() == i + 1
          && known.metricsSha256().equals(digest.value())) {
        after = i + 1L;
        afterSha256 = known.metricsSha256();
      }
    }
    boolean same = known != null && known.metricRows() == 0 && found.metrics().isEmpty();
    long fresh = same ? 0 : found.metrics().size() - after;
    boolean replaced = known != null && known.metricRows() > after;
    MatchResult match = data.find(job);
    List<Used> used = match.used().map(List::of).orElse(List.of());
    joins.merge(
        job.text("train_data_path").orElse(""),
        new Join(
            job.text("train_data_path").orElse(""),
            1,
            used.size(),
            match.used().isPresent()
                ? match.used().get().name() + ", " + DataFinder.why(match.used().get())
                : match.reason()),
        (a, b) -> new Join(a.path(), a.jobs() + 1, a.joined() + b.joined(), b.reason()));
    joined += used.size();
    boolean rowIsNew = known == null || !known.rowSha256().equals(sha256);
    boolean joinIsNew = known != null && !known.joined() && !used.isEmpty();
    jobs = jobs.plus(1, known == null ? 1 : 0, known != null && (rowIsNew || joinIsNew) ? 1 : 0);
    metrics = metrics.plus(found.metrics().size(), replaced ? 0 : fresh, replaced ? fresh : 0);
    if (!rowIsNew && !joinIsNew && fresh == 0 && !replaced) {
      return;
    }
    Metrics news =
        fresh == 0 && !replaced
            ? null
            : new Metrics(
                after,
                afterSha256,
                columns,
                found.metrics().subList((int) after, found.metrics().size()).stream()
                    .map(row -> FoundJob.values(columns, row))
                    .toList(),
                digest.value());
    waiting.add(
        new JobReport(found.uuid(), found.values(), sha256, news, used, manifest(job), null));
    waitingMetrics += news == null ? 0 : news.rows().size();
    if (waiting.size() >= MOST_JOBS || waitingMetrics >= MOST_METRICS) {
      flush();
    }
  }

  /** The manifest that a job's config names. */
  private static @Nullable String manifest(Job job) {
    JsonNode manifest = job.config().get("manifest_id");
    return manifest != null && manifest.isTextual() ? manifest.asText() : null;
  }

  private void tellUnknownWords(Job job, long row) {
    if (job.status().isEmpty()) {
      unread(unknown(job, row, "status"));
    }
    if (job.algorithm().isEmpty()) {
      unread(unknown(job, row, "algorithm"));
    }
  }

  private static UnreadCell unknown(Job job, long row, String column) {
    return new UnreadCell(
        "training_jobs",
        row,
        column,
        job.text(column)
                .map(word -> "is \"" + word + "\", a word that no program knows")
                .orElse("has no value")
            + "; the job "
            + job.uuid()
            + " counts nowhere");
  }

  private void flush() throws IOException {
    if (!waiting.isEmpty() && !request.dryRun()) {
      entries.add(JobsEntry.of(waiting, now, request.source().toString()));
    }
    waiting.clear();
    waitingMetrics = 0;
  }
}
