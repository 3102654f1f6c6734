package dev.mixdown.transforms.tables;

import java.util.Locale;

/** How a table's files are written. */
public enum TableFormat {
  PARQUET,
  JSONL,
  CSV;

  /** The end of its files' names, and its word. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }
}
