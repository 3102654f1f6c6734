package dev.mixdown.transforms.identities;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.DamagedFileException;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/**
 * Reads runs of sorted identities, by range: what a {@link RunsWriter} has encoded. A range is all
 * identities with the same highest bits; it is read alone, and comes as segments, each of one group
 * and sorted.
 */
public final class RunsReader implements Closeable {
  private final String path;
  private final SeekableByteChannel channel;
  private final int recordBits;
  private final int bits;
  private final int[] groups;
  private final long[] distinct;
  private final int[] parameters;

  /** Where each bucket begins in the file, and where the last one ends. */
  private final long[] buckets;

  private final BitReader in = new BitReader();
  private byte[] padded = new byte[0];
  private long firstByte;
  private long[] identities = new long[0];
  private int[] counts = new int[0];

  // What is being read.
  private int bucket;
  private int lastBucket = -1;
  private int nextGroup;
  private int size;
  private long from;
  private long to;
  private int begin;

  /**
   * Opens a file.
   *
   * @throws DamagedFileException when it is not as it was written
   */
  public RunsReader(Storage storage, String path) throws IOException {
    this.path = path;
    FileInfo file = storage.stat(path).orElseThrow(() -> new FileNotFoundException(path));
    channel = storage.openChannel(file);
    try {
      ByteBuffer start = ByteBuffer.wrap(read(0, 11));
      if (start.getInt() != RunsWriter.MAGIC || start.get() != RunsWriter.VERSION) {
        throw new DamagedFileException(path, "it does not begin as runs of identities do");
      }
      recordBits = start.get();
      bits = start.get();
      int n = start.getInt();
      if (recordBits < 0 || recordBits > 32 || bits < 0 || bits > 24 || n < 0 || n > 1 << 20) {
        throw new DamagedFileException(path, "its header has impossible numbers");
      }
      int length = 11 + n * (Integer.BYTES + Long.BYTES + 1) + (Integer.BYTES << bits);
      byte[] bytes = read(0, length + Long.BYTES);
      ByteBuffer header = ByteBuffer.wrap(bytes);
      if (header.getLong(length) != RunsWriter.HASHER.hashBytesToLong(bytes, 0, length)) {
        throw new DamagedFileException(path, "a checksum does not fit");
      }
      header.position(11);
      groups = new int[n];
      distinct = new long[n];
      parameters = new int[n];
      for (int g = 0; g < n; g++) {
        groups[g] = header.getInt();
        distinct[g] = header.getLong();
        parameters[g] = header.get();
      }
      buckets = new long[(1 << bits) + 1];
      buckets[0] = (long) length + Long.BYTES;
      for (int b = 0; b < 1 << bits; b++) {
        buckets[b + 1] = buckets[b] + header.getInt() + Long.BYTES;
      }
      if (buckets[1 << bits] != file.bytes()) {
        throw new DamagedFileException(path, "it is cut short");
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private byte[] read(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    read(position, bytes, length);
    return bytes;
  }

  private void read(long position, byte[] into, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(into, 0, length);
    channel.position(position);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new DamagedFileException(path, "it is cut short");
      }
    }
  }

  /** The different identities of all groups, each group counted by itself. */
  public long identities() {
    return Arrays.stream(distinct).sum();
  }

  /**
   * Begins with a range; {@link #next} then brings its segments.
   *
   * @param range the highest bits of its identities
   * @param rangeBits how many bits those are
   */
  public void range(int range, int rangeBits) throws IOException {
    from = RunsWriter.begin(range, rangeBits);
    to = rangeBits == 0 ? -1 : from + (-1L >>> rangeBits);
    bucket = RunsWriter.highest(from, bits);
    lastBucket = RunsWriter.highest(to, bits);
    firstByte = buckets[bucket];
    int length = Math.toIntExact(buckets[lastBucket + 1] - firstByte);
    if (padded.length < length + BitReader.PADDING) {
      padded = new byte[length + length / 8 + BitReader.PADDING];
    }
    read(firstByte, padded, length);
    bucket--;
    nextGroup = groups.length;
  }

  /** Goes on to the next segment of the range; false where there is none. */
  public boolean next() throws IOException {
    try {
      while (true) {
        if (nextGroup == groups.length) {
          if (bucket == lastBucket || groups.length == 0) {
            return false;
          }
          open(++bucket);
        }
        decode(nextGroup++);
        if (size > 0) {
          return true;
        }
      }
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      throw new DamagedFileException(path, "its codes have no meaning");
    }
  }

  private void open(int which) throws IOException {
    int at = (int) (buckets[which] - firstByte);
    int length = (int) (buckets[which + 1] - buckets[which]) - Long.BYTES;
    if (ByteBuffer.wrap(padded).getLong(at + length)
        != RunsWriter.HASHER.hashBytesToLong(padded, at, length)) {
      throw new DamagedFileException(path, "a checksum does not fit");
    }
    in.open(padded, at);
    nextGroup = 0;
  }

  private void decode(int group) {
    int n = (int) in.gamma() - 1;
    begin = 0;
    size = n;
    if (n == 0) {
      return;
    }
    if (identities.length < n) {
      identities = new long[n + n / 4];
      counts = new int[identities.length];
    }
    boolean repeated = in.bits(1) != 0;
    int k = parameters[group];
    long identity = RunsWriter.begin(bucket, bits);
    for (int i = 0; i < n; i++) {
      identity += (in.unary() << k) + in.bits(k);
      identities[i] = identity;
      counts[i] = recordBits > 0 ? (int) in.bits(recordBits) : repeated ? (int) in.gamma() : 1;
    }
    // A bucket may be larger than the range.
    while (size > 0 && Long.compareUnsigned(identities[size - 1], to) > 0) {
      size--;
    }
    while (begin < size && Long.compareUnsigned(identities[begin], from) < 0) {
      begin++;
    }
    size -= begin;
  }

  /** The number of the segment's group. */
  public int group() {
    return groups[nextGroup - 1];
  }

  /** How many entries the segment has. */
  public int size() {
    return size;
  }

  /** An entry's identity: they are sorted as unsigned numbers. */
  public long identity(int i) {
    return identities[begin + i];
  }

  /** How often the identity is there; 1 where records are numbered. */
  public int count(int i) {
    return recordBits > 0 ? 1 : counts[begin + i];
  }

  /** The number of the entry's record, where records are numbered. */
  public int record(int i) {
    return counts[begin + i];
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
