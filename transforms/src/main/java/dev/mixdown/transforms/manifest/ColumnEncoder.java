package dev.mixdown.transforms.manifest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.xerial.snappy.Snappy;

/** Encodes and compresses the pages of one column: every {@link Samples} gives one. */
final class ColumnEncoder {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final ColumnDescriptor column;
  private final CompressionCodecName codec;
  private final byte[] plain = new byte[Samples.CAPACITY * (Long.BYTES + 1)];

  ColumnEncoder(ColumnDescriptor column, CompressionCodecName codec) {
    this.column = column;
    this.codec = codec;
  }

  /** A page of numbers that rise evenly. */
  EncodedPage rising(long[] numbers, int n) throws IOException {
    DeltaBinaryPackingValuesWriterForLong delta =
        new DeltaBinaryPackingValuesWriterForLong(
            1 << 12, Samples.CAPACITY * Long.BYTES, new HeapByteBufferAllocator());
    for (int i = 0; i < n; i++) {
      delta.writeLong(numbers[i]);
    }
    int length = put(delta.getBytes(), 0);
    delta.close();
    return page(n, length, range(numbers[0], numbers[n - 1], 0), Encoding.DELTA_BINARY_PACKED);
  }

  /** A page of numbers of which the order says nothing, such as hashes. */
  EncodedPage hashes(long[] numbers, int n) throws IOException {
    for (int i = 0; i < n; i++) {
      LONG.set(plain, i * Long.BYTES, numbers[i]);
    }
    return page(n, n * Long.BYTES, none(), Encoding.PLAIN);
  }

  /** A page of numbers. */
  EncodedPage numbers(int[] numbers, int n) throws IOException {
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      INT.set(plain, i * Integer.BYTES, numbers[i]);
      min = Math.min(min, numbers[i]);
      max = Math.max(max, numbers[i]);
    }
    return page(n, n * Integer.BYTES, range(min, max, 0), Encoding.PLAIN);
  }

  /** A page of numbers, with nulls where another column is below 0. */
  EncodedPage numbers(int[] numbers, long[] present, int n) throws IOException {
    int at = definitions(present, n);
    int first = at;
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      if (present[i] >= 0) {
        INT.set(plain, at, numbers[i]);
        at += Integer.BYTES;
        min = Math.min(min, numbers[i]);
        max = Math.max(max, numbers[i]);
      }
    }
    int there = (at - first) / Integer.BYTES;
    return page(n, at, there == 0 ? nulls(n) : range(min, max, n - there), Encoding.PLAIN);
  }

  /** A page of numbers; those below 0 are nulls. */
  EncodedPage numbers(long[] numbers, int n) throws IOException {
    int at = definitions(numbers, n);
    int first = at;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      if (numbers[i] >= 0) {
        LONG.set(plain, at, numbers[i]);
        at += Long.BYTES;
        min = Math.min(min, numbers[i]);
        max = Math.max(max, numbers[i]);
      }
    }
    int there = (at - first) / Long.BYTES;
    return page(n, at, there == 0 ? nulls(n) : range(min, max, n - there), Encoding.PLAIN);
  }

  /**
   * A page of what is true of each row's kind, a bit a row.
   *
   * @param ofKind by kind
   */
  EncodedPage flags(boolean[] ofKind, int[] kinds, int n) throws IOException {
    int length = (n + Byte.SIZE - 1) / Byte.SIZE;
    Arrays.fill(plain, 0, length, (byte) 0);
    for (int i = 0; i < n; i++) {
      if (ofKind[kinds[i]]) {
        plain[i / Byte.SIZE] |= (byte) (1 << (i % Byte.SIZE));
      }
    }
    return page(n, length, none(), Encoding.PLAIN);
  }

  /**
   * A page of numbers in a dictionary.
   *
   * @param most the largest of them
   */
  EncodedPage entries(int[] numbers, int n, int most, Statistics<?> statistics) throws IOException {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(most);
    plain[0] = (byte) bits;
    int at = 1 + runs(numbers, n, bits, 1);
    return page(n, at, statistics, Encoding.RLE_DICTIONARY);
  }

  private int runs(int[] numbers, int n, int bits, int at) throws IOException {
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(
            bits, 1 << 12, Samples.CAPACITY * Integer.BYTES, new HeapByteBufferAllocator())) {
      for (int i = 0; i < n; i++) {
        encoder.writeInt(numbers[i]);
      }
      return put(encoder.toBytes(), at);
    }
  }

  private int put(BytesInput bytes, int at) throws IOException {
    byte[] all = bytes(bytes);
    System.arraycopy(all, 0, plain, at, all.length);
    return all.length;
  }

  private static byte[] bytes(BytesInput input) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(input.size()));
    input.writeAllTo(bytes);
    return bytes.toByteArray();
  }

  /** Writes which values are there: a length, and runs of 0 and 1. Gives the place behind. */
  private int definitions(long[] present, int n) throws IOException {
    int[] there = new int[n];
    for (int i = 0; i < n; i++) {
      there[i] = present[i] >= 0 ? 1 : 0;
    }
    int length = runs(there, n, 1, Integer.BYTES);
    INT.set(plain, 0, length);
    return Integer.BYTES + length;
  }

  private EncodedPage page(int n, int length, Statistics<?> statistics, Encoding encoding)
      throws IOException {
    ByteBuffer bytes;
    if (codec == CompressionCodecName.SNAPPY) {
      byte[] larger = new byte[Snappy.maxCompressedLength(length)];
      bytes = ByteBuffer.wrap(larger, 0, Snappy.compress(plain, 0, length, larger, 0));
    } else {
      bytes = ByteBuffer.wrap(Arrays.copyOf(plain, length));
    }
    return new EncodedPage(n, length, bytes, statistics, encoding);
  }

  /** Nothing said: not even how many nulls there are, which would make readers skip the page. */
  Statistics<?> none() {
    return Statistics.getBuilderForReading(column.getPrimitiveType()).build();
  }

  private Statistics<?> nulls(long nulls) {
    Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
    statistics.incrementNumNulls(nulls);
    return statistics;
  }

  Statistics<?> range(long min, long max, long nulls) {
    Statistics<?> statistics = nulls(nulls);
    if (statistics instanceof LongStatistics longs) {
      longs.setMinMax(min, max);
    } else if (statistics instanceof IntStatistics ints) {
      ints.setMinMax((int) min, (int) max);
    }
    return statistics;
  }

  Statistics<?> range(Binary min, Binary max) {
    Statistics<?> statistics = nulls(0);
    statistics.updateStats(min);
    statistics.updateStats(max);
    return statistics;
  }
}
