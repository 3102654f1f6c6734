package dev.mixdown.pipelines.init;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The fields of one row of CSV, for a look at a file whose delimiter nobody has said. */
final class CsvLine {
  private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');
  private static final char QUOTE = '"';

  private CsvLine() {}

  /** The delimiter that a header row has most often; a comma where it has none. */
  static char delimiter(String header) {
    return DELIMITERS.stream()
        .max(Comparator.comparingInt(delimiter -> fields(header, delimiter).size()))
        .filter(delimiter -> fields(header, delimiter).size() > 1)
        .orElse(',');
  }

  /** The fields, without their quotes. */
  static List<String> fields(String row, char delimiter) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      boolean doubled = quoted && c == QUOTE && i + 1 < row.length() && row.charAt(i + 1) == QUOTE;
      if (doubled) {
        field.append(c);
        i++;
      } else if (c == QUOTE && (quoted || field.isEmpty())) {
        quoted = !quoted;
      } else if (c == delimiter && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
