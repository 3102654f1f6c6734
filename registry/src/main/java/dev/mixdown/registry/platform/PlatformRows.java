package dev.mixdown.registry.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.Dialect;
import dev.mixdown.registry.databases.LiveSchema.LiveTable;
import dev.mixdown.registry.platform.Cells.CellException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one of the platform's tables, one after the other. Nothing that stands in a row stops
 * the reading: of a cell that cannot be read, the value is left out and told.
 */
public final class PlatformRows implements AutoCloseable {
  /** What the database itself counts, and where the platform's own programs are. */
  private static final Set<String> LEFT_OUT = Set.of("id", "metrics_last_offset");

  private static final int AT_A_TIME = 2000;

  private final Table table;
  private final List<LiveColumn> columns;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private final Consumer<UnreadCell> unread;

  /** A column as it is; those that nobody knows are read as text, if they are not numbers. */
  private record LiveColumn(String name, Column.@Nullable Type type, boolean zoned) {}

  /**
   * A cell that was left out, or a row.
   *
   * @param row the number that the database gave to the row
   * @param column empty for the whole row
   */
  public record UnreadCell(String table, long row, String column, String reason) {
    @Override
    public String toString() {
      return table + " row " + row + (column.isEmpty() ? " " : ", " + column + " ") + reason;
    }
  }

  /**
   * A row.
   *
   * @param id the number that the database gave it
   * @param values its columns, without those that are null
   */
  public record PlatformRow(long id, ObjectNode values) {
    /** A text of it; null where there is none. */
    public @Nullable String text(String column) {
      JsonNode value = values.get(column);
      return value == null ? null : value.asText();
    }
  }

  /**
   * Begins to read a table.
   *
   * @param order the column whose texts come in the order of their bytes; rows of the same come as
   *     they were written
   * @param where which rows, as SQL; empty for all
   */
  public PlatformRows(
      Database database,
      Connection connection,
      Table table,
      LiveTable live,
      String order,
      String where,
      Consumer<UnreadCell> unread)
      throws SQLException {
    this.table = table;
    this.unread = unread;
    columns = new ArrayList<>();
    for (Map.Entry<String, String> column : live.columns().entrySet()) {
      columns.add(
          new LiveColumn(
              column.getKey(),
              table.column(column.getKey()).map(Column::type).orElse(null),
              column.getValue().equals("timestamptz")));
    }
    columns.sort(Comparator.comparing(c -> !c.name().equals("id")));
    List<String> names = columns.stream().map(c -> Dialect.quoted(c.name())).toList();
    String key = live.columns().containsKey("id") ? "id" : "rowid";
    statement =
        connection.prepareStatement(
            "SELECT %s FROM %s %s ORDER BY %s, %s"
                .formatted(
                    String.join(", ", names),
                    table.name(),
                    where.isEmpty() ? "" : "WHERE " + where,
                    database.dialect().byBytes(order),
                    key));
    statement.setFetchSize(AT_A_TIME);
    rows = statement.executeQuery();
  }

  /** The next row; null behind the last. */
  public @Nullable PlatformRow next() throws SQLException {
    if (!rows.next()) {
      return null;
    }
    ObjectNode values = Json.object();
    long id = 0;
    for (int i = 0; i < columns.size(); i++) {
      LiveColumn column = columns.get(i);
      if (column.name().equals("id")) {
        id = rows.getLong(i + 1);
      } else if (!LEFT_OUT.contains(column.name())) {
        read(column, i + 1, id, values);
      }
    }
    return new PlatformRow(id, values);
  }

  private void read(LiveColumn column, int index, long id, ObjectNode values) throws SQLException {
    Object value = value(column, index);
    if (value == null) {
      return;
    }
    try {
      JsonNode node = Cells.of(type(column, value), value);
      if (!node.isNull() && !isStandard(column.name(), node)) {
        values.set(column.name(), node);
      }
    } catch (CellException e) {
      unread.accept(
          new UnreadCell(table.name(), id, column.name(), String.valueOf(e.getMessage())));
    }
  }

  /** What a row has that says nothing is as if it was not there: older databases do not have it. */
  private boolean isStandard(String column, JsonNode value) {
    return table
        .column(column)
        .map(Column::standard)
        .map(
            standard ->
                standard
                    .replace("'", "")
                    .equals(value.isTextual() ? value.asText() : value.toString()))
        .orElse(false);
  }

  private @Nullable Object value(LiveColumn column, int index) throws SQLException {
    if (column.zoned()) {
      OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
      return time == null ? null : time.toString();
    }
    return rows.getObject(index);
  }

  private static Column.Type type(LiveColumn column, Object value) {
    if (column.type() != null) {
      return column.type();
    }
    return value instanceof Number
        ? (value instanceof Integer || value instanceof Long
            ? Column.Type.INTEGER
            : Column.Type.REAL)
        : Column.Type.TEXT;
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
