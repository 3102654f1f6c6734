package dev.mixdown.registry.imports;

import dev.mixdown.registry.catalog.Catalog;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What the catalog knows of jobs, one asked for after the other. */
final class KnownJobs implements AutoCloseable {
  private final Handle handle;
  private final PreparedStatement query;

  KnownJobs(Catalog catalog) throws SQLException {
    handle = catalog.database().open();
    query =
        handle
            .getConnection()
            .prepareStatement(
                "SELECT row_sha256, metric_rows, metrics_sha256, joined FROM mixdown_jobs"
                    + " WHERE uuid = ?");
  }

  /** A job; null where it is not known. */
  @Nullable KnownJob find(String uuid) throws SQLException {
    query.setString(1, uuid);
    try (ResultSet row = query.executeQuery()) {
      return row.next()
          ? new KnownJob(row.getString(1), row.getLong(2), row.getString(3), row.getInt(4) == 1)
          : null;
    }
  }

  @Override
  public void close() throws SQLException {
    query.close();
    handle.close();
  }
}
