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
  private ByteBuffer chunk = ByteBuffer.allocate(0);
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
      chunk = ByteBuffer.wrap(bytes);
    }
    in.readFully(bytes, 0, length);
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
    return chunk.getLong(i * Long.BYTES);
  }

  /** Its bytes. */
  public int length(int i) {
    return chunk.getInt(size * Long.BYTES + i * Integer.BYTES);
  }

  /** Its identity. */
  public long identity(int i) {
    return chunk.getLong(size * (Long.BYTES + Integer.BYTES) + i * Long.BYTES);
  }

  /** Its group in the inspection; {@link #REJECTED} where it was left out. */
  public int group(int i) {
    return Short.toUnsignedInt(
        chunk.getShort(size * (2 * Long.BYTES + Integer.BYTES) + i * Short.BYTES));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
