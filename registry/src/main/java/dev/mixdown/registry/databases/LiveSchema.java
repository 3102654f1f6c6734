package dev.mixdown.registry.databases;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tables of a database as they are, and not as a version number says.
 *
 * @param tables by name
 * @param views names that are taken by something else
 */
public record LiveSchema(Map<String, LiveTable> tables, Set<String> views) {
  /**
   * A table.
   *
   * @param columns their types in lower case, as the database has them, by name
   * @param indexes the names of its indexes
   */
  public record LiveTable(Map<String, String> columns, Set<String> indexes) {}

  static LiveSchema of(Connection connection, Dialect dialect) throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    String schema = dialect == Dialect.SQLITE ? null : connection.getSchema();
    Map<String, LiveTable> tables = new LinkedHashMap<>();
    Set<String> views = new LinkedHashSet<>();
    try (ResultSet found = meta.getTables(null, schema, "%", new String[] {"TABLE", "VIEW"})) {
      while (found.next()) {
        String name = found.getString("TABLE_NAME");
        if (found.getString("TABLE_TYPE").equals("VIEW")) {
          views.add(name);
        } else {
          tables.put(name, new LiveTable(new LinkedHashMap<>(), new LinkedHashSet<>()));
        }
      }
    }
    for (Map.Entry<String, LiveTable> table : tables.entrySet()) {
      String pattern = table.getKey().replace("\\", "\\\\").replace("_", "\\_");
      try (ResultSet found = meta.getColumns(null, schema, pattern, "%")) {
        while (found.next()) {
          if (found.getString("TABLE_NAME").equals(table.getKey())) {
            table
                .getValue()
                .columns()
                .put(
                    found.getString("COLUMN_NAME"),
                    String.valueOf(found.getString("TYPE_NAME")).toLowerCase(Locale.ROOT));
          }
        }
      }
      try (ResultSet found = meta.getIndexInfo(null, schema, table.getKey(), false, true)) {
        while (found.next()) {
          String index = found.getString("INDEX_NAME");
          if (index != null) {
            table.getValue().indexes().add(index);
          }
        }
      }
    }
    return new LiveSchema(tables, views);
  }

  /** A table; empty where there is none of this name. */
  public Optional<LiveTable> table(String name) {
    return Optional.ofNullable(tables.get(name));
  }

  /** Whether there is a table of this name. */
  public boolean has(String name) {
    return tables.containsKey(name);
  }

  /** Whether a table of this name has this column. */
  public boolean has(String table, String column) {
    return table(table).map(t -> t.columns().containsKey(column)).orElse(false);
  }
}
