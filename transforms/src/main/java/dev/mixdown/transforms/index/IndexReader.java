package dev.mixdown.transforms.index;

import com.dynatrace.hash4j.hashing.HashStream64;
import dev.mixdown.storage.Storage;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a shard index, chunk by chunk. Nothing is passed on that its checksum does not fit. */
public final class IndexReader implements Closeable {
  /** The group of records that were left out. */
  public static final int LEFT_OUT = 0xFFFF;

  private final String path;
  private final DataInputStream in;
  private final HashStream64 checksums = IndexWriter.HASHER.hashStream();
  private byte[] bytes = new byte[0];
  private long[] offsets = new long[0];
  private int[] lengths = new int[0];
  private long[] identities = new long[0];
  private short[] groups = new short[0];
  private int size;
  private int firstRecord;

  /**
   * Opens the index at {@code path}.
   *
   * @throws DamagedFileException when it is not one
   */
  public IndexReader(Storage storage, String path) throws IOException {
    this.path = path;
    in = new DataInputStream(new BufferedInputStream(storage.open(path), 1 << 16));
    try {
      if (in.readInt() != IndexWriter.MAGIC) {
        throw new DamagedFileException(path, "it does not begin as a shard index does");
      }
    } catch (IOException e) {
      in.close();
      throw e instanceof EOFException ? cut() : e;
    }
  }

  private DamagedFileException cut() {
    return new DamagedFileException(path, "it is cut short");
  }

  /** Whether an index is as it was written. */
  public static boolean isSound(Storage storage, String path) throws IOException {
    try (IndexReader index = new IndexReader(storage, path)) {
      while (index.next()) {
        // Reading is all: every chunk is checked.
      }
      return true;
    } catch (DamagedFileException e) {
      return false;
    }
  }

  /**
   * Goes on to the next chunk; false at the end.
   *
   * @throws DamagedFileException when what was read is not what was written
   */
  public boolean next() throws IOException {
    try {
      return chunk();
    } catch (EOFException e) {
      throw cut();
    }
  }

  private boolean chunk() throws IOException {
    firstRecord += size;
    size = in.readInt();
    if (size < 0 || size > IndexWriter.CHUNK) {
      throw new DamagedFileException(path, "a chunk of it has no possible size");
    }
    int length = Integer.BYTES + size * IndexWriter.ROW;
    if (bytes.length < length) {
      bytes = new byte[length];
      offsets = new long[size];
      lengths = new int[size];
      identities = new long[size];
      groups = new short[size];
    }
    ByteBuffer chunk = ByteBuffer.wrap(bytes).putInt(size);
    in.readFully(bytes, Integer.BYTES, length - Integer.BYTES);
    long checksum = in.readLong();
    if (checksum != IndexWriter.HASHER.hashBytesToLong(bytes, 0, length)) {
      throw new DamagedFileException(path, "a checksum does not fit");
    }
    checksums.putLong(checksum);
    if (size == 0) {
      end();
      return false;
    }
    chunk.asLongBuffer().get(offsets, 0, size);
    chunk.position(Integer.BYTES + size * Long.BYTES);
    chunk.asIntBuffer().get(lengths, 0, size);
    chunk.position(Integer.BYTES + size * (Long.BYTES + Integer.BYTES));
    chunk.asLongBuffer().get(identities, 0, size);
    chunk.position(Integer.BYTES + size * (2 * Long.BYTES + Integer.BYTES));
    chunk.asShortBuffer().get(groups, 0, size);
    return true;
  }

  private void end() throws IOException {
    long records = in.readLong();
    int version = in.readInt();
    checksums.putLong(records).putInt(version);
    if (in.readLong() != checksums.getAsLong() || records != firstRecord) {
      throw new DamagedFileException(path, "a checksum does not fit");
    }
    if (version != IndexWriter.VERSION) {
      throw new DamagedFileException(path, "it is of another version of mixdown");
    }
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

  /** Its group in the inspection; {@link #LEFT_OUT} where it was left out. */
  public int group(int i) {
    return Short.toUnsignedInt(groups[i]);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
