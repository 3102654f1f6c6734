package dev.mixdown.transforms.stream;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/** Reads some rows of a {@link RecordOrder}, and no others. */
public final class OrderReader implements Closeable {
  private final String path;
  private final SeekableByteChannel channel;
  private final OrderHeader header;
  private final long firstByte;
  private final long rows;
  private final ByteBuffer chunk =
      ByteBuffer.allocate(RecordOrder.CHUNK * RecordOrder.ROW + Long.BYTES);
  private long loaded = -1;
  private long row = -1;
  private int at;

  /**
   * Opens a file.
   *
   * @throws IOException when it is missing, or not as it was written
   */
  public OrderReader(Storage storage, String path) throws IOException {
    this.path = path;
    FileInfo file = storage.stat(path).orElseThrow(() -> broken(path, "it is missing"));
    channel = storage.openChannel(file);
    try {
      ByteBuffer start = ByteBuffer.wrap(read(0, 2 * Integer.BYTES));
      int magic = start.getInt();
      int length = start.getInt();
      if (magic != RecordOrder.MAGIC || length < 0 || length > file.bytes()) {
        throw broken(path, "it does not begin as an order of records does");
      }
      byte[] bytes = read(2 * Integer.BYTES, length + Long.BYTES);
      if (ByteBuffer.wrap(bytes).getLong(length)
          != RecordOrder.HASHER.hashBytesToLong(bytes, 0, length)) {
        throw broken(path, "a checksum does not fit");
      }
      header = OrderHeader.read(Arrays.copyOf(bytes, length));
      firstByte = 2L * Integer.BYTES + length + Long.BYTES;
      rows = header.strata().stream().mapToLong(OrderHeader.StratumRows::rows).sum();
      long chunks = (rows + RecordOrder.CHUNK - 1) / RecordOrder.CHUNK;
      if (file.bytes() != firstByte + rows * RecordOrder.ROW + chunks * Long.BYTES) {
        throw broken(path, "it is cut short");
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** It belongs to a stream's chain: unlike a file of the workspace it is not made again. */
  private static IOException broken(String path, String why) {
    return new IOException(
        "%s cannot be used: %s; the stream needs it: bring it back from a copy, and run mixdown online verify"
            .formatted(path, why));
  }

  private byte[] read(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    fill(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private void fill(long position, ByteBuffer bytes) throws IOException {
    channel.position(position);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw broken(path, "it is cut short");
      }
    }
  }

  /** How many rows there are. */
  public long rows() {
    return rows;
  }

  /** What the numbers in rows mean. */
  public OrderHeader header() {
    return header;
  }

  /** Goes to a row, from 0; the values are then those of this row. */
  public void seek(long to) throws IOException {
    row = to;
    if (row < 0 || row >= rows) {
      throw new IndexOutOfBoundsException(path + " has no row " + to);
    }
    long wanted = row / RecordOrder.CHUNK;
    if (wanted != loaded) {
      load(wanted);
    }
    at = (int) (row % RecordOrder.CHUNK) * RecordOrder.ROW;
  }

  private void load(long wanted) throws IOException {
    long first = wanted * RecordOrder.CHUNK;
    int length = (int) Math.min(RecordOrder.CHUNK, rows - first) * RecordOrder.ROW;
    chunk.clear().limit(length + Long.BYTES);
    fill(firstByte + wanted * (RecordOrder.CHUNK * (long) RecordOrder.ROW + Long.BYTES), chunk);
    chunk.flip();
    if (chunk.getLong(length) != RecordOrder.HASHER.hashBytesToLong(chunk.array(), 0, length)) {
      loaded = -1;
      throw broken(path, "a checksum does not fit");
    }
    loaded = wanted;
  }

  /** The identity of the row's record. */
  public long identity() {
    return chunk.getLong(at);
  }

  /** Its first byte; -1 where records cannot be sought. */
  public long offset() {
    return chunk.getLong(at + Long.BYTES);
  }

  /** Its length; without meaning where the offset is -1. */
  public int length() {
    return chunk.getInt(at + 2 * Long.BYTES);
  }

  /** Its number in its shard. */
  public int record() {
    return chunk.getInt(at + 2 * Long.BYTES + Integer.BYTES);
  }

  /** The number of its shard. */
  public int shard() {
    return chunk.getInt(at + 2 * Long.BYTES + 2 * Integer.BYTES);
  }

  /** The number of its group. */
  public int group() {
    return chunk.getInt(at + 2 * Long.BYTES + 3 * Integer.BYTES);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
