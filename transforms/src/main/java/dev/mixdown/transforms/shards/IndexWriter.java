package dev.mixdown.transforms.shards;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes a shard index: for every record of a shard, in its order, the offset, length, identity and
 * group, in chunks of columns. A rejected record keeps its place, as group {@link
 * IndexReader#REJECTED}, so that a record's place is its number.
 *
 * <p>A chunk is its number of records (int), then that many offsets (long; -1 where records cannot
 * be sought), lengths (int), identities (long) and groups (short); big-endian. A chunk of none ends
 * the index.
 */
final class IndexWriter implements Closeable {
  static final int MAGIC = 0x4D584931; // MXI1
  static final int CHUNK = 1 << 15;
  static final int ROW = 2 * Long.BYTES + Integer.BYTES + Short.BYTES;

  private final OutputStream out;
  private final long[] offsets = new long[CHUNK];
  private final int[] lengths = new int[CHUNK];
  private final long[] identities = new long[CHUNK];
  private final short[] groups = new short[CHUNK];
  private final ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES + CHUNK * ROW);
  private int size;
  private boolean failed;

  IndexWriter(OutputStream out) throws IOException {
    this.out = out;
    out.write(ByteBuffer.allocate(Integer.BYTES).putInt(MAGIC).array());
  }

  /** Whether something could not be written. */
  boolean failed() {
    return failed;
  }

  void add(long offset, int length, long identity, int group) throws IOException {
    offsets[size] = offset;
    lengths[size] = length;
    identities[size] = identity;
    groups[size] = (short) group;
    if (++size == CHUNK) {
      flush();
    }
  }

  private void flush() throws IOException {
    buffer.clear().putInt(size);
    for (int i = 0; i < size; i++) {
      buffer.putLong(offsets[i]);
    }
    for (int i = 0; i < size; i++) {
      buffer.putInt(lengths[i]);
    }
    for (int i = 0; i < size; i++) {
      buffer.putLong(identities[i]);
    }
    for (int i = 0; i < size; i++) {
      buffer.putShort(groups[i]);
    }
    try {
      out.write(buffer.array(), 0, buffer.position());
    } catch (IOException e) {
      failed = true;
      throw e;
    }
    size = 0;
  }

  /** Ends the index; the stream stays open. */
  @Override
  public void close() throws IOException {
    if (size > 0) {
      flush();
    }
    flush();
  }
}
