package dev.mixdown.transforms.records;

import dev.mixdown.transforms.bytes.BadShardException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The bytes of a text shard around the record that is being looked at. */
public final class RecordBuffer {
  /** The most bytes that a record may have. */
  public static final int MAX_RECORD = 64 << 20;

  private static final int READ = 256 << 10;
  private static final int MARK = 4;

  private final InputStream in;
  private byte[] bytes = new byte[READ];
  private int start;
  private int limit;
  private long base;

  /**
   * @throws BadShardException by way of {@code sink}, when the data is not UTF-8 by its mark
   */
  public RecordBuffer(InputStream in, RecordSink sink) throws IOException, BadShardException {
    this.in = in;
    while (limit < MARK && more()) {
      // A mark has up to four bytes, and a stream may give fewer at once.
    }
    String encoding = otherEncoding();
    if (encoding != null) {
      throw sink.bad("is not UTF-8 text: " + encoding + "; convert it to UTF-8");
    }
    boolean mark =
        limit >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    start = mark ? 3 : 0;
  }

  /** Which other encoding the first bytes show; null where they show none. */
  private @org.jspecify.annotations.Nullable String otherEncoding() {
    int[] b = new int[MARK];
    for (int i = 0; i < MARK; i++) {
      b[i] = i < limit ? bytes[i] & 0xFF : -1;
    }
    boolean zeros = b[2] == 0 && b[3] == 0;
    if (b[0] == 0xFF && b[1] == 0xFE) {
      return "its byte order mark says " + (zeros ? "UTF-32" : "UTF-16") + " (little-endian)";
    }
    if (b[0] == 0xFE && b[1] == 0xFF) {
      return "its byte order mark says UTF-16 (big-endian)";
    }
    if (b[0] == 0 && b[1] == 0 && b[2] == 0xFE && b[3] == 0xFF) {
      return "its byte order mark says UTF-32 (big-endian)";
    }
    boolean even = b[0] == 0 && b[2] == 0 && b[1] > 0 && b[3] > 0;
    boolean odd = b[1] == 0 && b[3] == 0 && b[0] > 0 && b[2] > 0;
    return even || odd ? "every second byte is zero, as in UTF-16" : null;
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Where the record begins in {@link #bytes}. */
  public int start() {
    return start;
  }

  /** One beyond the last byte that was read. */
  public int limit() {
    return limit;
  }

  /** Where a place of {@link #bytes} is in the shard's data. */
  public long offset(int place) {
    return base + place;
  }

  /** Ends the record; the next one begins at {@code place}. */
  public void advance(int place) {
    start = place;
  }

  /** Reads more bytes; the record moves to the buffer's beginning. False at the end of the data. */
  public boolean more() throws IOException {
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
  public boolean tooLarge() {
    return limit - start > MAX_RECORD;
  }
}
