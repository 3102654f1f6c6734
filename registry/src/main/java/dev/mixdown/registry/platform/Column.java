package dev.mixdown.registry.platform;

import dev.mixdown.registry.databases.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * A column of the platform's tables.
 *
 * @param required whether it has a value in every row
 * @param standard what a row has that says nothing else, as SQL; null for none
 */
public record Column(String name, Type type, boolean required, @Nullable String standard) {
  /** What a column is meant to hold. In SQLite it may hold anything. */
  public enum Type {
    /** Counted by the database. */
    KEY("INTEGER", "SERIAL"),
    TEXT("VARCHAR", "VARCHAR"),
    INTEGER("INTEGER", "INTEGER"),
    /** Bytes of a file. */
    LONG("INTEGER", "BIGINT"),
    REAL("FLOAT", "DOUBLE PRECISION"),
    BOOLEAN("BOOLEAN", "BOOLEAN"),
    JSON("JSON", "JSON"),
    TIME("DATETIME", "TIMESTAMP"),
    /** A job's status, by its name in upper case. */
    STATUS("VARCHAR(9)", "jobstatus"),
    /** An algorithm, by its name in upper case. */
    ALGORITHM("VARCHAR(4)", "trainingalgorithm"),
    /** Whether a dataset was copied to where it is trained on. */
    SYNC_STATUS("VARCHAR(10)", "VARCHAR");

    private final String sqlite;
    private final String postgresql;

    Type(String sqlite, String postgresql) {
      this.sqlite = sqlite;
      this.postgresql = postgresql;
    }

    String sql(Dialect dialect) {
      return dialect == Dialect.SQLITE ? sqlite : postgresql;
    }
  }

  static Column optional(String name, Type type) {
    return new Column(name, type, false, null);
  }

  static Column required(String name, Type type) {
    return new Column(name, type, true, null);
  }

  static Column standard(String name, Type type, boolean required, String standard) {
    return new Column(name, type, required, standard);
  }

  /** Its definition. */
  String sql(Dialect dialect) {
    StringBuilder sql = new StringBuilder(Dialect.quoted(name)).append(' ');
    sql.append(type.sql(dialect));
    if (standard != null) {
      boolean isBoolean = type == Type.BOOLEAN && dialect == Dialect.POSTGRESQL;
      sql.append(" DEFAULT ")
          .append(isBoolean ? (standard.equals("0") ? "false" : "true") : standard);
    }
    return sql.append(required ? " NOT NULL" : "").toString();
  }

  /**
   * Whether a type that a database has can hold what this column is meant to hold.
   *
   * @param live in lower case
   */
  boolean accepts(String live, Dialect dialect) {
    String name = live.replaceFirst("\\(.*", "").strip();
    if (dialect == Dialect.SQLITE) {
      return switch (type) {
        case KEY, INTEGER, LONG -> name.contains("int");
        case REAL -> name.matches("float|real|double.*|numeric|decimal");
        case BOOLEAN -> name.matches("boolean|bool|.*int.*|numeric");
        case JSON -> name.matches("json.*|.*char.*|.*text.*|");
        case TIME -> name.matches("datetime|timestamp.*|date|.*char.*|.*text.*");
        case TEXT, STATUS, ALGORITHM, SYNC_STATUS -> name.matches(".*char.*|.*text.*|.*clob.*");
      };
    }
    return switch (type) {
      case KEY, INTEGER, LONG -> name.matches("int[248]?|integer|bigint|serial|bigserial|smallint");
      case REAL -> name.matches("float[48]?|real|double precision|numeric");
      case BOOLEAN -> name.matches("bool|boolean");
      case JSON -> name.matches("jsonb?|text|varchar");
      case TIME -> name.startsWith("timestamp");
      case TEXT -> name.matches("varchar|text|bpchar|uuid");
      // An enumerated type, or text.
      case STATUS, ALGORITHM, SYNC_STATUS -> !name.matches("int.*|float.*|bool|timestamp.*");
    };
  }
}
