package dev.mixdown.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Prints rows in columns: text to the left, numbers to the right. */
public final class Table {
  /** No column of texts becomes narrower than this. */
  private static final int LEAST = 10;

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

  /** Prints all rows, in the terminal's width as far as that is possible. */
  public void print(PrintWriter out) {
    print(out, TerminalText.width());
  }

  /**
   * Prints all rows. Where they are wider than the terminal, texts go on in the next line, so that
   * the terminal breaks no word and no number.
   */
  void print(PrintWriter out, int terminal) {
    int[] widths = widths(terminal);
    for (String[] row : rows) {
      List<List<String>> cells = new ArrayList<>();
      for (int c = 0; c < row.length; c++) {
        cells.add(TerminalText.wrapped(row[c], widths[c]));
      }
      int lines = cells.stream().mapToInt(List::size).max().orElse(0);
      for (int line = 0; line < lines; line++) {
        out.println(line(cells, line, widths));
      }
    }
  }

  private String line(List<List<String>> cells, int number, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.size(); c++) {
      String cell = number < cells.get(c).size() ? cells.get(c).get(number) : "";
      String space = " ".repeat(Math.max(0, widths[c] - DisplayWidth.of(cell)));
      line.append(right[c] ? space + cell : cell + space).append("  ");
    }
    return line.toString().stripTrailing();
  }

  /** How wide each column is: as its cells, or where that is too much the widest texts less. */
  private int[] widths(int terminal) {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int c = 0; c < row.length; c++) {
        widths[c] = Math.max(widths[c], DisplayWidth.of(row[c]));
      }
    }
    long tooWide = IntStream.of(widths).asLongStream().sum() + 2L * (widths.length - 1) - terminal;
    while (tooWide > 0) {
      int widest = -1;
      for (int c = 0; c < widths.length; c++) {
        if (!right[c] && widths[c] > LEAST && (widest < 0 || widths[c] > widths[widest])) {
          widest = c;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      tooWide--;
    }
    return widths;
  }
}
