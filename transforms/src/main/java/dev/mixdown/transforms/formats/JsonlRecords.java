package dev.mixdown.transforms.formats;

import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.ByteScan;
import dev.mixdown.transforms.bytes.JsonScanner;
import dev.mixdown.transforms.bytes.JsonText;
import dev.mixdown.transforms.records.FieldValues;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordBuffer;
import dev.mixdown.transforms.records.RecordSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Reads the records of JSON lines: every line that is not blank. */
public final class JsonlRecords {
  private final RecordSink sink;
  private final boolean parse;
  private final FieldValues fields;

  /** By wanted field: the slots that its value goes to. */
  private final int[][] slots;

  private final JsonScanner scanner;

  public JsonlRecords(InspectionSpec spec, RecordSink sink) {
    this.sink = sink;
    fields = new FieldValues(spec);
    List<String> names = fields.fields();
    slots = names.stream().map(fields::slots).toArray(int[][]::new);
    parse = spec.full() || slots.length > 0;
    scanner = new JsonScanner(names);
  }

  public void read(InputStream in) throws IOException, BadShardException {
    RecordBuffer buffer = new RecordBuffer(in, sink);
    int scanned = buffer.start();
    while (true) {
      int newline = ByteScan.newline(buffer.bytes(), scanned, buffer.limit());
      if (newline < buffer.limit()) {
        line(buffer, newline);
        buffer.advance(newline + 1);
        scanned = newline + 1;
      } else if (buffer.tooLarge()) {
        rejectTooLarge(buffer);
        scanned = buffer.start();
      } else {
        int length = buffer.limit() - buffer.start();
        if (!buffer.more()) {
          line(buffer, buffer.limit());
          return;
        }
        scanned = buffer.start() + length;
      }
    }
  }

  private void rejectTooLarge(RecordBuffer buffer) throws IOException, BadShardException {
    sink.reject(
        buffer.offset(buffer.start()),
        buffer.bytes(),
        buffer.start(),
        buffer.limit(),
        "is larger than %d MiB".formatted(RecordBuffer.MAX_RECORD >> 20));
    int newline = buffer.limit();
    while (newline == buffer.limit()) {
      buffer.advance(buffer.limit());
      if (!buffer.more()) {
        return;
      }
      newline = ByteScan.newline(buffer.bytes(), buffer.start(), buffer.limit());
    }
    buffer.advance(newline + 1);
  }

  private void line(RecordBuffer buffer, int lineEnd) throws IOException, BadShardException {
    byte[] b = buffer.bytes();
    int from = buffer.start();
    int to = lineEnd > from && b[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    int first = from;
    while (first < to && JsonScanner.isSpace(b[first])) {
      first++;
    }
    if (first == to) {
      return;
    }
    long offset = buffer.offset(from);
    if (to - from > RecordBuffer.MAX_RECORD) {
      sink.reject(
          offset, b, from, to, "is larger than %d MiB".formatted(RecordBuffer.MAX_RECORD >> 20));
    } else if (parse) {
      parsed(offset, b, from, to);
    } else {
      looked(offset, b, from, first, to);
    }
  }

  /** Looks at a record's ends only. */
  private void looked(long offset, byte[] b, int from, int first, int to)
      throws IOException, BadShardException {
    int last = to - 1;
    while (JsonScanner.isSpace(b[last])) {
      last--;
    }
    if (b[first] != '{') {
      sink.reject(offset, b, from, to, "is not a JSON object: it does not begin with '{'");
    } else if (b[last] != '}') {
      sink.reject(offset, b, from, to, "is cut short: its JSON object does not end");
    } else {
      sink.text(offset, b, from, to, fields);
    }
  }

  private void parsed(long offset, byte[] b, int from, int to)
      throws IOException, BadShardException {
    if (!scanner.scan(b, from, to)) {
      sink.reject(
          offset,
          b,
          from,
          to,
          scanner.error(),
          " (byte " + (scanner.errorAt() - from) + " of the record)");
      return;
    }
    fields.clear();
    for (int f = 0; f < slots.length; f++) {
      if (scanner.start(f) >= 0) {
        for (int slot : slots[f]) {
          value(slot, b, scanner.start(f), scanner.end(f));
        }
      }
    }
    sink.text(offset, b, from, to, fields);
  }

  /**
   * A field's value as text; null, objects and lists count as no value. What a recipe requires is
   * taken as it stands.
   */
  private void value(int slot, byte[] b, int from, int to) {
    if (slot >= FieldValues.SLOTS) {
      if (b[from] != 'n') {
        fields.set(slot, b, from, to);
      }
      return;
    }
    switch (b[from]) {
      case '"' -> {
        for (int i = from + 1; i < to - 1; i++) {
          if (b[i] == '\\') {
            byte[] decoded = JsonText.decode(b, from, to);
            fields.set(slot, decoded, 0, decoded.length);
            return;
          }
        }
        fields.set(slot, b, from + 1, to - 1);
      }
      case '{', '[', 'n' -> {}
      default -> fields.set(slot, b, from, to);
    }
  }
}
