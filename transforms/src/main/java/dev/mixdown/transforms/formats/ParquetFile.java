package dev.mixdown.transforms.formats;

import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.FingerprintStream;
import dev.mixdown.transforms.records.RecordCollector;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A Parquet file swept once from beginning to end: the fingerprint sees every byte in order, and
 * Parquet's reader sees the footer and, one after the other, the stretches that were swept last.
 */
public final class ParquetFile implements InputFile {
  private static final int TRAILER = 8;

  /** The largest row group that fits into an array. */
  private static final long MAX_WINDOW = Integer.MAX_VALUE - 16;

  private final FingerprintStream in;
  private final long length;
  private final byte[] tail;
  private final RecordCollector collector;
  private final long rowsWithoutColumns;

  private byte[] window = new byte[0];
  private long windowStart;
  private int windowLength;

  /**
   * Reads the footer.
   *
   * @param channel for the footer
   * @param in the same file, from its beginning
   * @throws BadShardException by way of {@code collector}, when there is no footer
   */
  public ParquetFile(SeekableByteChannel channel, FingerprintStream in, RecordCollector collector)
      throws IOException, BadShardException {
    this.in = in;
    length = channel.size();
    if (length < 3 * Integer.BYTES) {
      throw collector.bad("is not a Parquet file: it has only " + length + " bytes");
    }
    byte[] trailer = read(channel, length - TRAILER, TRAILER);
    String magic = new String(trailer, 4, 4, StandardCharsets.ISO_8859_1);
    if (magic.equals("PARE")) {
      throw collector.bad("is an encrypted Parquet file, which cannot be read");
    }
    if (!magic.equals("PAR1")) {
      throw collector.bad(
          "is not a whole Parquet file: its footer is missing; the copy was perhaps cut short");
    }
    long footer =
        Integer.toUnsignedLong(ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN).getInt());
    if (footer == 0 || footer > length - 12) {
      throw collector.bad(
          "is not a Parquet file: its footer would have %,d of %,d bytes"
              .formatted(footer, length));
    }
    this.collector = collector;
    tail = read(channel, length - TRAILER - footer, Math.toIntExact(footer) + TRAILER);
    ParquetFooter said = ParquetFooter.of(Arrays.copyOf(tail, Math.toIntExact(footer)));
    if (said.problem().isPresent()) {
      throw collector.bad(said.problem().get());
    }
    rowsWithoutColumns = said.rowsWithoutColumns();
  }

  /** How many rows the file has, if it has no columns; -1 for any other file. */
  long rowsWithoutColumns() {
    return rowsWithoutColumns;
  }

  private static byte[] read(SeekableByteChannel channel, long position, int size)
      throws IOException {
    byte[] bytes = new byte[size];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    channel.position(position);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return bytes;
  }

  /** Sweeps on to {@code end}; what was swept by this call can be read. */
  void sweepTo(long end) throws IOException, BadShardException {
    long next = windowStart + windowLength;
    if (end < next || end > length - tail.length || end - next > MAX_WINDOW) {
      throw collector.bad(
          end - next > MAX_WINDOW && end <= length - tail.length
              ? "has a row group of more than 2 GiB; write it with smaller ones"
              : "has a damaged footer: a row group would end at byte %,d".formatted(end));
    }
    windowStart = next;
    windowLength = Math.toIntExact(end - windowStart);
    if (window.length < windowLength) {
      window = new byte[windowLength];
    }
    int read = in.readNBytes(window, 0, windowLength);
    if (read < windowLength) {
      throw collector.bad("became shorter while it was read; run again when it is complete");
    }
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public SeekableInputStream newStream() {
    return new Positioned();
  }

  /** Reads from the window and the tail. */
  private final class Window extends java.io.InputStream {
    private long position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] b, int offset, int size) throws IOException {
      long tailStart = length - tail.length;
      if (position >= length) {
        return -1;
      }
      int read;
      if (position >= tailStart) {
        int from = (int) (position - tailStart);
        read = Math.min(size, tail.length - from);
        System.arraycopy(tail, from, b, offset, read);
      } else if (position >= windowStart && position < windowStart + windowLength) {
        int from = (int) (position - windowStart);
        read = Math.min(size, windowLength - from);
        System.arraycopy(window, from, b, offset, read);
      } else {
        throw new IOException("byte %,d lies outside of its row group's bytes".formatted(position));
      }
      position += read;
      return read;
    }
  }

  private final class Positioned extends DelegatingSeekableInputStream {
    private final Window stream;

    Positioned() {
      this(new Window());
    }

    private Positioned(Window stream) {
      super(stream);
      this.stream = stream;
    }

    @Override
    public long getPos() {
      return stream.position;
    }

    @Override
    public void seek(long newPos) {
      stream.position = newPos;
    }
  }
}
