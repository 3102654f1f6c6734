package dev.mixdown.registry.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.Dialect;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.registry.platform.Column;
import dev.mixdown.registry.platform.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes rows into one of the platform's tables, in the forms that its programs read. */
final class RowWriter implements AutoCloseable {
  private static final int AT_A_TIME = 1000;
  private static final LocalDateTime NEVER = LocalDateTime.of(1970, 1, 1, 0, 0);

  private final Connection connection;
  private final Table table;
  private final String keyColumn;
  private final Dialect dialect;
  private final List<Column> columns;
  private final List<Column> updated;
  private final Map<String, String> types;
  private final PreparedStatement insert;
  private final PreparedStatement update;
  private @Nullable RowWriter first;
  private int waiting;

  /**
   * @param key the column that says which row is updated
   */
  RowWriter(Database database, Connection connection, LiveSchema live, Table table, String key)
      throws SQLException {
    this.connection = connection;
    this.table = table;
    this.keyColumn = key;
    dialect = database.dialect();
    types = live.table(table.name()).orElseThrow().columns();
    columns =
        table.columns().stream()
            .filter(column -> column.type() != Column.Type.KEY)
            .filter(column -> live.has(table.name(), column.name()))
            .toList();
    String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
    insert =
        connection.prepareStatement(
            "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(
                    table.name(),
                    names,
                    String.join(", ", Collections.nCopies(columns.size(), "?"))));
    // What has a standard value is the platform's own business.
    updated = columns.stream().filter(column -> column.standard() == null).toList();
    String values = updated.stream().map(c -> c.name() + " = ?").collect(Collectors.joining(", "));
    update =
        connection.prepareStatement(
            "UPDATE %s SET %s WHERE %s = ?".formatted(table.name(), values, key));
  }

  /** Rows of another table have to be there before those of this one. */
  void after(RowWriter other) {
    first = other;
  }

  /** Adds a row; a column without a value has what the platform's programs can read. */
  void insert(Function<String, @Nullable JsonNode> row) throws SQLException {
    bind(insert, columns, row);
    insert.addBatch();
    if (++waiting == AT_A_TIME) {
      flush();
    }
  }

  /** Writes the row of a key again. */
  void update(Function<String, @Nullable JsonNode> row, String key) throws SQLException {
    flush();
    bind(update, updated, row);
    update.setString(updated.size() + 1, key);
    update.executeUpdate();
  }

  /** Writes only the columns of a row that somebody has changed. */
  void updateOnly(Set<String> changed, Function<String, @Nullable JsonNode> row, String key)
      throws SQLException {
    flush();
    List<Column> bound = updated.stream().filter(c -> changed.contains(c.name())).toList();
    if (bound.isEmpty()) {
      return;
    }
    String values = bound.stream().map(c -> c.name() + " = ?").collect(Collectors.joining(", "));
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE %s SET %s WHERE %s = ?".formatted(table.name(), values, keyColumn))) {
      bind(statement, bound, row);
      statement.setString(bound.size() + 1, key);
      statement.executeUpdate();
    }
  }

  /** Writes what waits. */
  void flush() throws SQLException {
    if (waiting > 0) {
      if (first != null) {
        first.flush();
      }
      insert.executeBatch();
      waiting = 0;
    }
  }

  private void bind(
      PreparedStatement statement, List<Column> bound, Function<String, @Nullable JsonNode> row)
      throws SQLException {
    for (int i = 0; i < bound.size(); i++) {
      Column column = bound.get(i);
      JsonNode value = row.apply(column.name());
      if (value == null || value.isNull()) {
        standard(statement, i + 1, column);
      } else {
        value(statement, i + 1, column, value);
      }
    }
  }

  private void standard(PreparedStatement statement, int index, Column column) throws SQLException {
    if (column.standard() != null) {
      integerOrText(statement, index, column);
      return;
    }
    if (!column.required()) {
      statement.setNull(index, Types.NULL);
      return;
    }
    switch (column.type()) {
      case KEY, INTEGER, LONG -> statement.setLong(index, 0);
      case REAL -> statement.setDouble(index, 0);
      case BOOLEAN -> bool(statement, index, false);
      case TIME -> time(statement, index, Cells.time(NEVER));
      case JSON -> statement.setObject(index, "{}", Types.OTHER);
      case TEXT, STATUS, ALGORITHM, SYNC_STATUS -> statement.setString(index, "");
    }
  }

  private void integerOrText(PreparedStatement statement, int index, Column column)
      throws SQLException {
    String standard = Objects.requireNonNull(column.standard());
    switch (column.type()) {
      case KEY, INTEGER, LONG -> statement.setLong(index, Long.parseLong(standard));
      case BOOLEAN -> bool(statement, index, standard.equals("1"));
      case JSON -> json(statement, index, Json.array());
      default -> statement.setString(index, standard.replace("'", ""));
    }
  }

  private void value(PreparedStatement statement, int index, Column column, JsonNode value)
      throws SQLException {
    switch (column.type()) {
      case KEY, INTEGER, LONG -> integer(statement, index, column, value);
      case REAL -> real(statement, index, value);
      case BOOLEAN -> bool(statement, index, value.asInt() != 0);
      case TIME -> time(statement, index, value.asText());
      case JSON -> json(statement, index, value);
      case STATUS, ALGORITHM, SYNC_STATUS -> name(statement, index, value.asText());
      case TEXT -> statement.setString(index, text(value.asText()));
    }
  }

  private void integer(PreparedStatement statement, int index, Column column, JsonNode value)
      throws SQLException {
    if ("int4".equals(types.get(column.name())) && !value.canConvertToInt()) {
      standard(statement, index, column);
    } else {
      statement.setLong(index, value.asLong());
    }
  }

  private void real(PreparedStatement statement, int index, JsonNode value) throws SQLException {
    double number = value.isTextual() ? Double.parseDouble(value.asText()) : value.doubleValue();
    if (dialect == Dialect.SQLITE && Double.isNaN(number)) {
      // SQLite makes NULL of it.
      statement.setString(index, "NaN");
    } else {
      statement.setDouble(index, number);
    }
  }

  private void bool(PreparedStatement statement, int index, boolean value) throws SQLException {
    if (dialect == Dialect.SQLITE) {
      statement.setInt(index, value ? 1 : 0);
    } else {
      statement.setBoolean(index, value);
    }
  }

  private void time(PreparedStatement statement, int index, String text) throws SQLException {
    if (dialect == Dialect.SQLITE) {
      statement.setString(index, text);
    } else {
      statement.setObject(index, Cells.time(text).orElse(NEVER));
    }
  }

  private void json(PreparedStatement statement, int index, JsonNode value) throws SQLException {
    if (dialect == Dialect.SQLITE) {
      statement.setString(index, value.toString());
    } else {
      // It has no character 0.
      statement.setObject(index, value.toString().replace("\\u0000", ""), Types.OTHER);
    }
  }

  private void name(PreparedStatement statement, int index, String text) throws SQLException {
    String name = text.strip().toUpperCase(Locale.ROOT);
    if (dialect == Dialect.SQLITE) {
      statement.setString(index, name);
    } else {
      statement.setObject(index, name, Types.OTHER);
    }
  }

  private String text(String text) {
    // As in mixdown's own tables.
    return text.replace("\u0000", "");
  }

  @Override
  public void close() throws SQLException {
    insert.close();
    update.close();
  }
}
