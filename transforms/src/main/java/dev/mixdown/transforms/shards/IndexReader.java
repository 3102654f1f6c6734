package dev.mixdown.transforms.shards;

import dev.mixdown.configs.storage.Storage;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a shard index, chunk by chunk. */
public final class IndexReader implements Closeable {
  /** The group of records that were left out. */
  public static final int REJECTED = 0xFFFF;

  private final DataInputStream in;
  private byte[] bytes = new byte[0];
  private long[] offsets = new long[0];
  private int[] lengths = new int[0];
  private long[] identities = new long[0];
  private short[] groups = new short[0];
  private int size;
  private int firstRecord;

  /** Opens the index at {@code path}. */
  public IndexReader(String path) throws IOException {
    in = new DataInputStream(new java.io.BufferedInputStream(Storage.open(path), 1 << 16));
    if (in.readInt() != IndexWriter.MAGIC) {
      in.close();
      throw new IOException(path + " is no shard index; remove the workspace and run again");
    }
  }

  /** Goes on to the next chunk; false at the end. */
  public boolean next() throws IOException {
    firstRecord += size;
    size = in.readInt();
    int length = size * IndexWriter.ROW;
    if (bytes.length < length) {
      bytes = new byte[length];
      offsets = new long[size];
      lengths = new int[size];
      identities = new long[size];
      groups = new short[size];
    }
    in.readFully(bytes, 0, length);
    ByteBuffer chunk = ByteBuffer.wrap(bytes);
    chunk.asLongBuffer().get(offsets, 0, size);
    chunk.position(size * Long.BYTES);
    chunk.asIntBuffer().get(lengths, 0, size);
    chunk.position(size * (Long.BYTES + Integer.BYTES));
    chunk.asLongBuffer().get(identities, 0, size);
    chunk.position(size * (2 * Long.BYTES + Integer.BYTES));
    chunk.asShortBuffer().get(groups, 0, size);
    return size > 0;
  }

  /** Records in this chunk. */
  public int size() {
    return size;
  }

  /** The number of the chunk's {@code i}-th record in its shard. */
  public int record(int i) {
    return firstRecord + i;
  }

  /** Its first byte; -1 where records cannot be sought. */
  public long offset(int i) {
    return offsets[i];
  }

  /** Its bytes. */
  public int length(int i) {
    return lengths[i];
  }

  /** Its identity. */
  public long identity(int i) {
    return identities[i];
  }

  /** Its group in the inspection; {@link #REJECTED} where it was left out. */
  public int group(int i) {
    return Short.toUnsignedInt(groups[i]);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
