package dev.mixdown.transforms.index;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes a shard index: for every record of a shard, in its order, the offset, length, identity and
 * group, in chunks of columns. A record that is left out keeps its place, as group {@link
 * IndexReader#LEFT_OUT}, so that a record's place is its number.
 *
 * <p>A chunk is its number of records (int), then that many offsets (long; -1 where records cannot
 * be sought), lengths (int), identities (long) and groups (short), and the XXH3 of all of these
 * (long); big-endian. A chunk of none ends the chunks. Behind it stand the number of all records
 * (long), the format's version (int), and the XXH3 of the chunks' checksums and these two (long).
 */
public final class IndexWriter implements Closeable {
  static final int MAGIC = 0x4D584932; // MXI2
  static final int VERSION = 2;
  static final int CHUNK = 1 << 15;
  static final int ROW = 2 * Long.BYTES + Integer.BYTES + Short.BYTES;
  static final Hasher64 HASHER = Hashing.xxh3_64();

  private final OutputStream out;
  private final long[] offsets = new long[CHUNK];
  private final int[] lengths = new int[CHUNK];
  private final long[] identities = new long[CHUNK];
  private final short[] groups = new short[CHUNK];
  private final ByteBuffer buffer =
      ByteBuffer.allocate(Integer.BYTES + CHUNK * ROW + 3 * Long.BYTES);
  private final HashStream64 checksums = HASHER.hashStream();
  private long records;
  private int size;
  private boolean failed;

  public IndexWriter(OutputStream out) throws IOException {
    this.out = out;
    out.write(ByteBuffer.allocate(Integer.BYTES).putInt(MAGIC).array());
  }

  /** Whether something could not be written. */
  public boolean failed() {
    return failed;
  }

  public void add(long offset, int length, long identity, int group) throws IOException {
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
    long checksum = HASHER.hashBytesToLong(buffer.array(), 0, buffer.position());
    checksums.putLong(checksum);
    buffer.putLong(checksum);
    write();
    records += size;
    size = 0;
  }

  private void write() throws IOException {
    try {
      out.write(buffer.array(), 0, buffer.position());
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  /** Ends the index; the stream stays open. */
  @Override
  public void close() throws IOException {
    if (size > 0) {
      flush();
    }
    flush();
    buffer.clear().putLong(records).putInt(VERSION);
    buffer.putLong(checksums.putLong(records).putInt(VERSION).getAsLong());
    write();
  }
}
