package dev.mixdown.transforms.shards;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The bytes of a text shard around the record that is being looked at. */
final class RecordBuffer {
  /** The most bytes that a record may have. */
  static final int MAX_RECORD = 64 << 20;

  private static final int READ = 256 << 10;

  private final InputStream in;
  private byte[] bytes = new byte[READ];
  private int start;
  private int limit;
  private long base;

  RecordBuffer(InputStream in) throws IOException {
    this.in = in;
    while (limit < 3 && more()) {
      // A mark has three bytes, and a stream may give fewer at once.
    }
    boolean mark =
        limit >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    start = mark ? 3 : 0;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where the record begins in {@link #bytes}. */
  int start() {
    return start;
  }

  /** One beyond the last byte that was read. */
  int limit() {
    return limit;
  }

  /** Where a place of {@link #bytes} is in the shard's data. */
  long offset(int place) {
    return base + place;
  }

  /** Ends the record; the next one begins at {@code place}. */
  void advance(int place) {
    start = place;
  }

  /** Reads more bytes; the record moves to the buffer's beginning. False at the end of the data. */
  boolean more() throws IOException {
    int kept = limit - start;
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, kept);
      base += start;
      start = 0;
      limit = kept;
    }
    if (bytes.length - limit < READ / 2) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    int read = in.read(bytes, limit, Math.min(READ, bytes.length - limit));
    if (read <= 0) {
      return false;
    }
    limit += read;
    return true;
  }

  /** Whether the record is larger than records may be. */
  boolean tooLarge() {
    return limit - start > MAX_RECORD;
  }
}
