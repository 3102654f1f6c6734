package dev.mixdown.registry.platform;

import dev.mixdown.registry.databases.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the platform's tables.
 *
 * @param references what else it says, as SQL; empty for nothing
 */
public record Table(String name, List<Column> columns, List<Index> indexes, String references) {
  /** An index on one column. */
  public record Index(String column, boolean unique) {
    String name(String table) {
      return "ix_" + table + "_" + column;
    }

    String sql(String table) {
      return "CREATE %sINDEX %s ON %s (%s)"
          .formatted(unique ? "UNIQUE " : "", name(table), table, column);
    }
  }

  /** A column of this name. */
  public Optional<Column> column(String column) {
    return columns.stream().filter(c -> c.name().equals(column)).findFirst();
  }

  /** What makes it, with its indexes. */
  public List<String> sql(Dialect dialect) {
    List<String> lines = new ArrayList<>();
    columns.forEach(column -> lines.add(column.sql(dialect)));
    lines.add("PRIMARY KEY (id)");
    if (!references.isEmpty()) {
      lines.add(references);
    }
    List<String> sql = new ArrayList<>();
    sql.add("CREATE TABLE " + name + " (\n  " + String.join(",\n  ", lines) + "\n)");
    indexes.forEach(index -> sql.add(index.sql(name)));
    return sql;
  }
}
