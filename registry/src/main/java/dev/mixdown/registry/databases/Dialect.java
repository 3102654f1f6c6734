package dev.mixdown.registry.databases;

/** The databases that are spoken to. */
public enum Dialect {
  SQLITE,
  POSTGRESQL;

  /** The order of texts by their bytes, whatever the database's locale. */
  public String byBytes(String column) {
    return this == SQLITE ? column : column + " COLLATE \"C\"";
  }

  /** A name of a table or a column that people gave, as SQL has it. */
  public static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
