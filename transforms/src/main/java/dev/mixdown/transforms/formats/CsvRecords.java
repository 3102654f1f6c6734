package dev.mixdown.transforms.formats;

import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.Utf8;
import dev.mixdown.transforms.records.FieldValues;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordBuffer;
import dev.mixdown.transforms.records.RecordSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the records of CSV (RFC 4180): rows after the header, with quoted fields that may hold
 * delimiters, doubled quotes and line ends. Rows end in CR LF, LF or CR; blank rows are no records.
 */
public final class CsvRecords {
  private final InspectionSpec spec;
  private final RecordSink sink;
  private final FieldValues fields;
  private final int[] slots;
  private final byte delimiter;
  private final byte quote;

  /** The column of each wanted slot. */
  private final int[] columns;

  private int width = -1;

  // The row that is being read: its fields' ends, relative to its beginning.
  private int[] begins = new int[32];
  private int[] ends = new int[32];
  private int count;
  private boolean strayText;

  /** Where in the row something is wrong, for people. */
  private String where = "";

  public CsvRecords(InspectionSpec spec, RecordSink sink) {
    this.spec = spec;
    this.sink = sink;
    fields = new FieldValues(spec);
    slots = fields.wanted();
    columns = new int[fields.slots()];
    delimiter = (byte) spec.csv().delimiter();
    quote = (byte) spec.csv().quote();
  }

  public void read(InputStream in) throws IOException, BadShardException {
    RecordBuffer buffer = new RecordBuffer(in, sink);
    while (true) {
      int length = row(buffer);
      if (length < 0) {
        break;
      }
      if (length > 0) {
        record(buffer, length);
      }
      advance(buffer, length);
    }
    if (width < 0 && spec.csv().header()) {
      throw sink.bad("has no header row");
    }
  }

  /** Reads to the end of a row; its length without its line end, or -1 at the end of the data. */
  private int row(RecordBuffer buffer) throws IOException, BadShardException {
    count = 0;
    strayText = false;
    int at = 0;
    int begin = 0;
    boolean quoted = false;
    boolean closed = false;
    while (true) {
      if (buffer.start() + at >= buffer.limit()) {
        if (buffer.tooLarge()) {
          throw sink.bad(
              "record %d at byte %d is larger than %d MiB%s"
                  .formatted(
                      sink.next(),
                      buffer.offset(buffer.start()),
                      RecordBuffer.MAX_RECORD >> 20,
                      quoted ? "; a quote is open, perhaps it was never closed" : ""));
        }
        if (!buffer.more()) {
          if (quoted) {
            throw sink.bad(
                "a quote is never closed: it opens at byte %d, in %s"
                    .formatted(
                        buffer.offset(buffer.start()) + begin,
                        width < 0 && spec.csv().header()
                            ? "the header row"
                            : "record " + sink.next()));
          }
          if (at == 0) {
            return -1;
          }
          field(begin, at);
          return at;
        }
      }
      byte c = buffer.bytes()[buffer.start() + at];
      if (quoted) {
        if (c == quote) {
          quoted = false;
          closed = true;
        }
        at++;
      } else if (c == quote && (at == begin || closed)) {
        // Opens the field; or, right behind a closing quote, makes one quote of two.
        quoted = true;
        closed = false;
        at++;
      } else if (c == delimiter) {
        field(begin, at);
        at++;
        begin = at;
        closed = false;
      } else if (c == '\n' || c == '\r') {
        field(begin, at);
        return at;
      } else {
        strayText |= closed;
        at++;
      }
    }
  }

  private void field(int begin, int end) {
    if (count == begins.length) {
      begins = Arrays.copyOf(begins, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    begins[count] = begin;
    ends[count++] = end;
  }

  /** Steps over the row and its line end. */
  private static void advance(RecordBuffer buffer, int length) throws IOException {
    int end = buffer.start() + length;
    if (end < buffer.limit() && buffer.bytes()[end] == '\r') {
      if (end + 1 >= buffer.limit()) {
        buffer.more();
        end = buffer.start() + length;
      }
      end += end + 1 < buffer.limit() && buffer.bytes()[end + 1] == '\n' ? 2 : 1;
    } else if (end < buffer.limit()) {
      end++;
    }
    buffer.advance(end);
  }

  private void record(RecordBuffer buffer, int length) throws IOException, BadShardException {
    byte[] b = buffer.bytes();
    int from = buffer.start();
    long offset = buffer.offset(from);
    if (width < 0) {
      width = count;
      if (spec.csv().header()) {
        String damage = problem(b, from, length, true);
        if (damage != null) {
          throw sink.bad("has a damaged header row: the row " + damage + where);
        }
      }
      findColumns(b, from);
      if (spec.csv().header()) {
        return;
      }
    }
    String problem = problem(b, from, length, spec.full());
    if (problem != null) {
      sink.reject(offset, b, from, from + length, problem, where);
      return;
    }
    fields.clear();
    for (int slot : slots) {
      if (columns[slot] >= 0) {
        value(slot, b, from + begins[columns[slot]], from + ends[columns[slot]]);
      }
    }
    sink.text(offset, b, from, from + length, fields);
  }

  private @org.jspecify.annotations.Nullable String problem(
      byte[] b, int from, int length, boolean utf8) {
    where = "";
    if (length > RecordBuffer.MAX_RECORD) {
      return "is larger than %d MiB".formatted(RecordBuffer.MAX_RECORD >> 20);
    }
    if (count != width) {
      return "has %d fields, %s has %d"
          .formatted(count, spec.csv().header() ? "the header" : "the first row", width);
    }
    if (strayText) {
      return "has text after a closing quote";
    }
    int invalid = utf8 ? Utf8.firstInvalid(b, from, from + length) : -1;
    if (invalid < 0) {
      return null;
    }
    where = ": byte 0x%02X (byte %d of the row)".formatted(b[invalid] & 0xFF, invalid - from);
    return "is not valid UTF-8";
  }

  /** Wanted fields are found by the header's names; without a header by number, from 1. */
  private void findColumns(byte[] b, int from) throws BadShardException {
    for (int slot : slots) {
      columns[slot] = -1;
      for (int c = 0; c < count; c++) {
        String name = String.valueOf(c + 1);
        if (spec.csv().header()) {
          value(slot, b, from + begins[c], from + ends[c]);
          name =
              fields.has(slot)
                  ? new String(
                      fields.bytes(slot),
                      fields.from(slot),
                      fields.to(slot) - fields.from(slot),
                      StandardCharsets.UTF_8)
                  : "";
        }
        if (name.equals(fields.name(slot))) {
          if (columns[slot] >= 0) {
            throw sink.bad("has two columns " + fields.shown(slot));
          }
          columns[slot] = c;
        }
      }
      // What a recipe requires may be missing: that is what is to be found out.
      if (columns[slot] < 0 && slot < FieldValues.SLOTS) {
        throw sink.bad("has no column " + fields.shown(slot));
      }
    }
  }

  /** A field without its quotes; an empty one counts as no value. */
  private void value(int slot, byte[] b, int begin, int end) {
    fields.set(slot, b, -1, -1);
    int from = begin;
    int to = end;
    if (to - from >= 2 && b[from] == quote && b[to - 1] == quote) {
      from++;
      to--;
      int doubled = from;
      while (doubled < to && b[doubled] != quote) {
        doubled++;
      }
      if (doubled < to) {
        unquote(slot, b, from, to);
        return;
      }
    }
    if (to > from) {
      fields.set(slot, b, from, to);
    }
  }

  private void unquote(int slot, byte[] b, int from, int to) {
    byte[] text = new byte[to - from];
    int n = 0;
    for (int i = from; i < to; i++) {
      text[n++] = b[i];
      if (b[i] == quote) {
        i++;
      }
    }
    fields.set(slot, text, 0, n);
  }
}
