package dev.mixdown.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Prints rows in columns: text to the left, numbers to the right. */
public final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /**
   * @param titles the columns; one that begins with {@code >} is set to the right. Without any text
   *     in them no line of titles is printed
   */
  public Table(String... titles) {
    right = new boolean[titles.length];
    String[] names = new String[titles.length];
    for (int c = 0; c < titles.length; c++) {
      right[c] = titles[c].startsWith(">");
      names[c] = right[c] ? titles[c].substring(1) : titles[c];
    }
    if (!String.join("", names).isBlank()) {
      rows.add(names);
    }
  }

  /** Adds a row, with a cell for each column. */
  public void row(String... cells) {
    rows.add(cells);
  }

  /** Prints all rows. */
  public void print(PrintWriter out) {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int c = 0; c < row.length; c++) {
        widths[c] = Math.max(widths[c], DisplayWidth.of(row[c]));
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.length; c++) {
        String space = " ".repeat(widths[c] - DisplayWidth.of(row[c]));
        line.append(right[c] ? space + row[c] : row[c] + space).append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
