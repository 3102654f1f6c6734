package dev.mixdown.registry.databases;

/** The databases that are spoken to. */
public enum Dialect {
  SQLITE,
  POSTGRESQL;

  /** The order of texts by their bytes, whatever the database's locale. */
  public String byBytes(String column) {
    return this == SQLITE ? column : column + " COLLATE \"C\"";
  }

  /** The smaller of two numbers. */
  public String smaller(String a, String b) {
    return (this == SQLITE ? "min" : "least") + "(" + a + ", " + b + ")";
  }

  /** A name of a table or a column that people gave, as SQL has it. */
  public static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
