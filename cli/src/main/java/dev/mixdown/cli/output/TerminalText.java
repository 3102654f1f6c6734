package dev.mixdown.cli.output;

import java.util.ArrayList;
import java.util.List;

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

  /**
   * Text in lines that are not wider than this. It breaks behind spaces, underscores, slashes,
   * hyphens and commas; inside a word only where the word is wider by itself.
   */
  static List<String> wrapped(String text, int width) {
    if (DisplayWidth.of(text) <= width) {
      return List.of(text);
    }
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (DisplayWidth.of(rest) > width) {
      int end = 0;
      int breakable = 0;
      int columns = 0;
      while (end < rest.length()) {
        int c = rest.codePointAt(end);
        columns += DisplayWidth.of(c);
        if (columns > width) {
          break;
        }
        end += Character.charCount(c);
        if (" _/-,".indexOf(c) >= 0) {
          breakable = end;
        }
      }
      // At least one character, however narrow the column is.
      int cut = breakable > 0 ? breakable : Math.max(end, Character.charCount(rest.codePointAt(0)));
      lines.add(rest.substring(0, cut).stripTrailing());
      rest = rest.substring(cut);
    }
    if (!rest.isEmpty()) {
      lines.add(rest);
    }
    return lines;
  }
}
