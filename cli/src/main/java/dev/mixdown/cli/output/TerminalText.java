package dev.mixdown.cli.output;

/** Text as it fits into a terminal. */
public final class TerminalText {
  private TerminalText() {}

  /**
   * The columns that output has: those of the terminal, which the launcher finds out. Into a pipe
   * or a file everything goes whole.
   */
  public static int width() {
    int columns = Integer.getInteger("mixdown.columns", 0);
    return columns > 0 ? Math.max(20, columns) : Integer.MAX_VALUE;
  }

  /** Text in one line, cut at the end where it is wider. */
  public static String shortened(String text, int width) {
    String line = text.replaceAll("\\R", " ");
    if (line.length() <= width && DisplayWidth.of(line) <= width) {
      return line;
    }
    StringBuilder begin = new StringBuilder();
    int columns = 0;
    for (int i = 0; i < line.length(); ) {
      int c = line.codePointAt(i);
      columns += DisplayWidth.of(c);
      if (columns > width - 3) {
        break;
      }
      begin.appendCodePoint(c);
      i += Character.charCount(c);
    }
    return begin + "...";
  }
}
