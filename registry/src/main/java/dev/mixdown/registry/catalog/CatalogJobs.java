package dev.mixdown.registry.catalog;

import dev.mixdown.registry.IdException;
import dev.mixdown.registry.platform.JobStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The jobs of a catalog: listed, found, and looked into. */
public final class CatalogJobs {
  /** How much of a uuid has to be said. */
  private static final int PREFIX = 4;

  private static final int MOST_CANDIDATES = 10;

  private final Catalog catalog;

  /**
   * Which jobs.
   *
   * @param status a word, or {@code stale}
   * @param since before when a running job that was not heard of is stale
   * @param limit how many at most
   */
  public record Filter(
      @Nullable String status,
      @Nullable String algorithm,
      @Nullable String recipe,
      String since,
      int offset,
      int limit) {
    /** What a running job is that was not heard of. */
    public static final String STALE = "stale";

    /** The words that a status may be. */
    public static List<String> statuses() {
      return Stream.concat(JobStatus.words().stream(), Stream.of(STALE)).toList();
    }
  }

  /** One metric of a job, over all its steps. */
  public record Metric(
      String name,
      long values,
      long notFinite,
      double lowest,
      long lowestStep,
      double highest,
      long highestStep,
      double last,
      long lastStep) {}

  public CatalogJobs(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Jobs, the newest first. */
  public List<CatalogJob> list(Filter filter) {
    return catalog
        .database()
        .read(
            handle ->
                newestFirst(handle, CatalogJob.COLUMNS, filter)
                    .map((row, context) -> CatalogJob.of(row))
                    .list());
  }

  /** The uuids of jobs, the newest first. */
  public List<String> uuids(Filter filter) {
    return catalog
        .database()
        .read(handle -> newestFirst(handle, "uuid", filter).mapTo(String.class).list());
  }

  /** How many jobs a filter finds, whatever its limit. */
  public long count(Filter filter) {
    return catalog.database().read(handle -> counting(handle, filter).mapTo(Long.class).one());
  }

  /** Pages are found in an index alone; only their own rows are read. */
  private static Query newestFirst(Handle handle, String columns, Filter filter) {
    String order = " ORDER BY created_at DESC, uuid DESC";
    Conditions conditions = new Conditions(filter);
    Query query =
        handle.createQuery(
            "SELECT %s FROM mixdown_jobs WHERE uuid IN (SELECT uuid FROM mixdown_jobs%s%s LIMIT :limit OFFSET :offset)%s"
                .formatted(columns, conditions.sql(), order, order));
    conditions.values().forEach(query::bind);
    return query.bind("limit", filter.limit()).bind("offset", filter.offset());
  }

  private static Query counting(Handle handle, Filter filter) {
    Conditions conditions = new Conditions(filter);
    Query query = handle.createQuery("SELECT count(*) FROM mixdown_jobs" + conditions.sql());
    conditions.values().forEach(query::bind);
    return query;
  }

  /** What a filter asks, as SQL. */
  private record Conditions(String sql, Map<String, String> values) {
    Conditions(Filter filter) {
      this(where(filter), bound(filter));
    }

    private static String where(Filter filter) {
      List<String> conditions = new ArrayList<>();
      if (Filter.STALE.equals(filter.status())) {
        conditions.add("status = 'running' AND (last_seen IS NULL OR last_seen < :since)");
      } else if ("running".equals(filter.status())) {
        conditions.add("status = 'running' AND last_seen >= :since");
      } else if (filter.status() != null) {
        conditions.add("status = :status");
      }
      if (filter.algorithm() != null) {
        conditions.add("algorithm = :algorithm");
      }
      if (filter.recipe() != null) {
        conditions.add("recipe = :recipe");
      }
      return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private static Map<String, String> bound(Filter filter) {
      Map<String, String> values = new LinkedHashMap<>();
      if (Filter.STALE.equals(filter.status()) || "running".equals(filter.status())) {
        values.put("since", filter.since());
      } else if (filter.status() != null) {
        values.put("status", filter.status());
      }
      if (filter.algorithm() != null) {
        values.put("algorithm", filter.algorithm());
      }
      if (filter.recipe() != null) {
        values.put("recipe", filter.recipe());
      }
      return values;
    }
  }

  /** All jobs of a recipe that were completed or have failed. */
  public List<CatalogJob> ended(String recipe) {
    return catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT "
                            + CatalogJob.COLUMNS
                            + " FROM mixdown_jobs WHERE recipe = ?"
                            + " AND status IN ('completed', 'failed') AND algorithm IS NOT NULL"
                            + " ORDER BY uuid")
                    .bind(0, recipe)
                    .map((row, context) -> CatalogJob.of(row))
                    .list());
  }

  /** Jobs whose words nobody knows: they count nowhere. */
  public List<String> uncounted() {
    return catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT uuid FROM mixdown_jobs WHERE status IS NULL OR algorithm IS NULL"
                            + " ORDER BY uuid")
                    .mapTo(String.class)
                    .list());
  }

  /**
   * A job by its uuid, or the beginning of it.
   *
   * @throws IdException when there is none, or several
   */
  public CatalogJob find(String uuid) {
    Optional<CatalogJob> whole = exactly(uuid);
    if (whole.isPresent()) {
      return whole.get();
    }
    String folder = catalog.registry().folder();
    if (uuid.length() < PREFIX) {
      throw IdException.tooShort(uuid, PREFIX);
    }
    List<CatalogJob> found =
        catalog
            .database()
            .read(
                handle ->
                    handle
                        .createQuery(
                            "SELECT "
                                + CatalogJob.COLUMNS
                                + " FROM mixdown_jobs WHERE uuid >= :from AND uuid < :to"
                                + " ORDER BY uuid LIMIT "
                                + MOST_CANDIDATES)
                        .bind("from", uuid)
                        .bind("to", uuid + "\uffff")
                        .map((row, context) -> CatalogJob.of(row))
                        .list())
            .stream()
            .filter(job -> job.uuid().startsWith(uuid))
            .toList();
    if (found.isEmpty()) {
      throw IdException.unknown(uuid, folder, "\"mixdown jobs list\" shows the jobs that it has");
    }
    if (found.size() > 1) {
      throw IdException.ambiguous(
          uuid, found.stream().map(job -> job.uuid() + "  " + job.name()).toList());
    }
    return found.get(0);
  }

  /** The job of a uuid; empty where there is none. */
  public Optional<CatalogJob> exactly(String uuid) {
    return catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT " + CatalogJob.COLUMNS + " FROM mixdown_jobs WHERE uuid = ?")
                    .bind(0, uuid)
                    .map((row, context) -> CatalogJob.of(row))
                    .findOne());
  }

  /** What a job measured, by the metrics' names. */
  public List<Metric> metrics(String uuid) {
    return catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT metric, finite_values, not_finite, lowest, lowest_step, highest,"
                            + " highest_step, latest, latest_step FROM mixdown_metrics"
                            + " WHERE uuid = ? ORDER BY metric")
                    .bind(0, uuid)
                    .map(
                        (row, context) ->
                            new Metric(
                                row.getString(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getDouble(4),
                                row.getLong(5),
                                row.getDouble(6),
                                row.getLong(7),
                                row.getDouble(8),
                                row.getLong(9)))
                    .list());
  }
}
