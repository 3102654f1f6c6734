package dev.mixdown.registry.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.registry.platform.Cells.CellException;
import dev.mixdown.registry.platform.Column;
import dev.mixdown.registry.platform.PlatformSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A job's row of the platform's table. What its programs need and nobody said stands there as a
 * zero; mixdown's own table tells which numbers those are.
 */
final class CatalogRow {
  private static final List<Column> COLUMNS =
      PlatformSchema.JOBS.columns().stream()
          .filter(column -> column.type() != Column.Type.KEY && column.standard() == null)
          .toList();

  private CatalogRow() {}

  /** What to select of both tables, as {@code t} and {@code j}. */
  static String columns() {
    String theirs = COLUMNS.stream().map(c -> "t." + c.name()).collect(Collectors.joining(", "));
    String said = JobWriter.NUMBERS.stream().map(n -> "j." + n).collect(Collectors.joining(", "));
    return theirs + ", " + said;
  }

  static ObjectNode of(ResultSet row) throws SQLException {
    ObjectNode values = Json.object();
    for (int i = 0; i < COLUMNS.size(); i++) {
      Column column = COLUMNS.get(i);
      int number = JobWriter.NUMBERS.indexOf(column.name());
      boolean said = number < 0 || row.getObject(COLUMNS.size() + 1 + number) != null;
      Object value = said ? row.getObject(i + 1) : null;
      if (value != null && !value.toString().isEmpty()) {
        try {
          values.set(column.name(), Cells.of(column.type(), value));
        } catch (CellException e) {
          // Others write there too, and anything.
          values.remove(column.name());
        }
      }
    }
    return values;
  }
}
