package dev.mixdown.registry.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The dataset versions of a catalog, as the platform's table has them: each content once. */
public final class CatalogVersions {
  private static final String COLUMNS =
      "id, dataset_name, file_path, file_hash, hash_algorithm, file_size, file_size_mb, format,"
          + " num_samples, description, tags, created_at, modified_at";

  private final Catalog catalog;

  /**
   * A row of the table. Times are in UTC, in the platform's form.
   *
   * @param id the number that the database gave it
   * @param samples null where nobody has counted
   * @param tags a JSON array
   */
  public record Row(
      long id,
      String dataset,
      String path,
      String hash,
      String algorithm,
      long bytes,
      double megabytes,
      String format,
      @Nullable Long samples,
      @Nullable String description,
      @Nullable String tags,
      @Nullable String createdAt,
      @Nullable String modifiedAt) {}

  /** A job that used a version. */
  public record User(
      String uuid,
      String name,
      @Nullable String status,
      @Nullable String algorithm,
      @Nullable String createdAt) {}

  public CatalogVersions(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Versions, the newest first.
   *
   * @param dataset only of this name; null for all
   */
  public List<Row> list(@Nullable String dataset, long offset, long limit) {
    return catalog
        .database()
        .read(
            handle ->
                bound(
                        handle.createQuery(
                            "SELECT "
                                + COLUMNS
                                + " FROM dataset_versions"
                                + where(dataset)
                                + " ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset"),
                        dataset)
                    .bind("limit", limit)
                    .bind("offset", offset)
                    .map((row, context) -> row(row))
                    .list());
  }

  /** How many there are. */
  public long count(@Nullable String dataset) {
    return catalog
        .database()
        .read(
            handle ->
                bound(
                        handle.createQuery(
                            "SELECT count(*) FROM dataset_versions" + where(dataset)),
                        dataset)
                    .mapTo(Long.class)
                    .one());
  }

  private static String where(@Nullable String dataset) {
    return dataset == null ? "" : " WHERE dataset_name = :dataset";
  }

  private static Query bound(Query query, @Nullable String dataset) {
    return dataset == null ? query : query.bind("dataset", dataset);
  }

  /** The version of a hash, in full; empty where there is none. */
  public Optional<Row> find(String hash) {
    return catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery("SELECT " + COLUMNS + " FROM dataset_versions WHERE file_hash = ?")
                    .bind(0, hash)
                    .map((row, context) -> row(row))
                    .findFirst());
  }

  private static Row row(ResultSet row) throws SQLException {
    long samples = row.getLong(9);
    Long counted = row.wasNull() ? null : samples;
    return new Row(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getLong(6),
        row.getDouble(7),
        row.getString(8),
        counted,
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getString(13));
  }

  /** The jobs that used a version, by themselves or by the manifest that they followed. */
  public List<User> users(String hash) {
    return catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT uuid, name, status, algorithm, created_at FROM mixdown_jobs
                        WHERE uuid IN (SELECT uuid FROM mixdown_job_versions WHERE version = :hash)
                          OR manifest IN
                            (SELECT manifest FROM mixdown_manifest_datasets WHERE version = :hash)
                        ORDER BY created_at DESC, uuid DESC""")
                    .bind("hash", hash)
                    .map(
                        (row, context) ->
                            new User(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5)))
                    .list());
  }
}
