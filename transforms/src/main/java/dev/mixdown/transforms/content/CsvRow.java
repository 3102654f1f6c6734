package dev.mixdown.transforms.content;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Splits a row of CSV (RFC 4180) that is known to be well formed into the texts of its fields. */
final class CsvRow {
  private final byte delimiter;
  private final byte quote;
  private final List<byte[]> values = new ArrayList<>();

  CsvRow(CsvOptions csv) {
    delimiter = (byte) csv.delimiter();
    quote = (byte) csv.quote();
  }

  /** Splits a row without its line end. */
  void split(byte[] b, int from, int to) {
    values.clear();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    boolean quoted = false;
    boolean begin = true;
    for (int i = from; i < to; i++) {
      byte c = b[i];
      if (quoted) {
        if (c != quote) {
          text.write(c);
        } else if (i + 1 < to && b[i + 1] == quote) {
          text.write(c);
          i++;
        } else {
          quoted = false;
        }
      } else if (c == quote && begin) {
        quoted = true;
        begin = false;
      } else if (c == delimiter) {
        values.add(text.toByteArray());
        text.reset();
        begin = true;
      } else {
        text.write(c);
        begin = false;
      }
    }
    values.add(text.toByteArray());
  }

  /** The texts of the row that was split last. */
  List<byte[]> values() {
    return values;
  }
}
