package dev.mixdown.registry.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Adds rows to one of mixdown's tables, many at a time. */
final class Rows implements AutoCloseable {
  private static final int AT_A_TIME = 1000;

  private final PreparedStatement insert;
  private int waiting;

  Rows(Connection connection, String table, String columns) throws SQLException {
    int count = columns.split(",").length;
    insert =
        connection.prepareStatement(
            "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING"
                .formatted(table, columns, String.join(", ", Collections.nCopies(count, "?"))));
  }

  /** Adds a row; one whose key is there already is left as it is. */
  void add(@Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      // PostgreSQL has no character 0, and a catalog says the same in either database.
      Object value = values[i] instanceof String text ? text.replace("\u0000", "") : values[i];
      insert.setObject(i + 1, value);
    }
    insert.addBatch();
    if (++waiting == AT_A_TIME) {
      flush();
    }
  }

  /** Writes what waits. */
  void flush() throws SQLException {
    if (waiting > 0) {
      insert.executeBatch();
      waiting = 0;
    }
  }

  @Override
  public void close() throws SQLException {
    insert.close();
  }
}
