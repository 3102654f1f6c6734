package dev.mixdown.registry.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.databases.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * All that a catalog says, a line of JSON for each row, in an order that depends on nothing but the
 * rows. The numbers that a database gives to rows are left out: a catalog that was made again gives
 * others.
 */
public final class CatalogDump {
  private static final int AT_A_TIME = 1000;

  /** The platform's tables that the catalog fills, with what orders their rows. */
  private static final Map<String, List<String>> ORDERS = orders();

  private CatalogDump() {}

  private static Map<String, List<String>> orders() {
    Map<String, List<String>> orders = new LinkedHashMap<>();
    orders.put("training_jobs", List.of("uuid"));
    orders.put("training_metrics", List.of("job_uuid"));
    orders.put("dataset_versions", List.of("file_hash"));
    return orders;
  }

  /** Writes all rows, a line each. */
  public static void write(Database database, Consumer<String> lines) {
    database.stream(
        handle -> {
          for (String table : CatalogSchema.tables()) {
            dump(database, handle, table, CatalogSchema.key(table), lines);
          }
          ORDERS.forEach((table, key) -> dump(database, handle, table, key, lines));
          return null;
        });
  }

  private static void dump(
      Database database, Handle handle, String table, List<String> key, Consumer<String> lines) {
    String order = key.stream().map(database.dialect()::byBytes).collect(Collectors.joining(", "));
    if (ORDERS.containsKey(table)) {
      // Metrics of one job come as they were written.
      order += ", id";
    }
    try (PreparedStatement statement =
        handle.getConnection().prepareStatement("SELECT * FROM " + table + " ORDER BY " + order)) {
      statement.setFetchSize(AT_A_TIME);
      try (ResultSet rows = statement.executeQuery()) {
        ResultSetMetaData meta = rows.getMetaData();
        while (rows.next()) {
          ObjectNode line = Json.object().put("table", table);
          for (int i = 1; i <= meta.getColumnCount(); i++) {
            String name = meta.getColumnName(i);
            Object value = rows.getObject(i);
            if (value != null && !(name.equals("id") && ORDERS.containsKey(table))) {
              line.put(name, value.toString());
            }
          }
          lines.accept(Json.line(line));
        }
      }
    } catch (SQLException e) {
      throw database.exception(e);
    }
  }
}
