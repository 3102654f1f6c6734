package dev.mixdown.transforms.manifest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * One column of a row group in the making: every {@link Samples} gives a page, encoded and
 * compressed at once. The pages wait until the row group is whole, since its columns follow one
 * another in the file.
 */
final class ColumnPages {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final ColumnDescriptor column;
  private final CompressionCodecName codec;
  private final byte[] plain = new byte[Samples.CAPACITY * (Long.BYTES + 1)];
  private final List<Page> pages = new ArrayList<>();
  private long values;

  /**
   * A page as it will be in the file.
   *
   * @param values its values, and the nulls between them
   * @param uncompressed bytes before compression
   */
  private record Page(
      int values, int uncompressed, byte[] bytes, Statistics<?> statistics, Encoding encoding) {}

  /**
   * @param compressed whether that is worth while
   */
  ColumnPages(ColumnDescriptor column, boolean compressed) {
    this.column = column;
    this.codec = compressed ? CompressionCodecName.SNAPPY : CompressionCodecName.UNCOMPRESSED;
  }

  /** Adds a page of numbers that rise evenly. */
  void rising(long[] numbers, int n) throws IOException {
    DeltaBinaryPackingValuesWriterForLong delta =
        new DeltaBinaryPackingValuesWriterForLong(
            1 << 12, Samples.CAPACITY * Long.BYTES, new HeapByteBufferAllocator());
    for (int i = 0; i < n; i++) {
      delta.writeLong(numbers[i]);
    }
    int length = put(delta.getBytes(), 0);
    delta.close();
    page(n, length, range(numbers[0], numbers[n - 1], 0), Encoding.DELTA_BINARY_PACKED);
  }

  /** Adds a page of numbers of which the order says nothing, such as hashes. */
  void hashes(long[] numbers, int n) throws IOException {
    for (int i = 0; i < n; i++) {
      LONG.set(plain, i * Long.BYTES, numbers[i]);
    }
    page(n, n * Long.BYTES, none(), Encoding.PLAIN);
  }

  /** Adds a page of numbers. */
  void numbers(int[] numbers, int n) throws IOException {
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = 0; i < n; i++) {
      INT.set(plain, i * Integer.BYTES, numbers[i]);
      min = Math.min(min, numbers[i]);
      max = Math.max(max, numbers[i]);
    }
    page(n, n * Integer.BYTES, range(min, max, 0), Encoding.PLAIN);
  }

  /** Adds a page of numbers, with nulls where another column is below 0. */
  void numbers(int[] numbers, long[] present, int n) throws IOException {
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
    page(n, at, there == 0 ? nulls(n) : range(min, max, n - there), Encoding.PLAIN);
  }

  /** Adds a page of numbers; those below 0 are nulls. */
  void numbers(long[] numbers, int n) throws IOException {
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
    page(n, at, there == 0 ? nulls(n) : range(min, max, n - there), Encoding.PLAIN);
  }

  /**
   * Adds a page of numbers in a dictionary.
   *
   * @param most the largest of them
   */
  void entries(int[] numbers, int n, int most, Statistics<?> statistics) throws IOException {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(most);
    plain[0] = (byte) bits;
    int at = 1 + runs(numbers, n, bits, 1);
    page(n, at, statistics, Encoding.RLE_DICTIONARY);
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

  private void page(int n, int length, Statistics<?> statistics, Encoding encoding)
      throws IOException {
    byte[] bytes;
    if (codec == CompressionCodecName.SNAPPY) {
      byte[] larger = new byte[Snappy.maxCompressedLength(length)];
      bytes = Arrays.copyOf(larger, Snappy.compress(plain, 0, length, larger, 0));
    } else {
      bytes = Arrays.copyOf(plain, length);
    }
    pages.add(new Page(n, length, bytes, statistics, encoding));
    values += n;
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

  /** Writes the column into the open row group, and forgets it. */
  void writeTo(ParquetFileWriter file, @Nullable DictionaryPage dictionary) throws IOException {
    file.startColumn(column, values, codec);
    if (dictionary != null) {
      file.writeDictionaryPage(compressed(dictionary));
    }
    for (Page page : pages) {
      file.writeDataPage(
          page.values(),
          page.uncompressed(),
          BytesInput.from(page.bytes()),
          page.statistics(),
          page.values(),
          Encoding.RLE,
          Encoding.RLE,
          page.encoding());
    }
    file.endColumn();
    pages.clear();
    values = 0;
  }

  private DictionaryPage compressed(DictionaryPage dictionary) throws IOException {
    byte[] bytes = bytes(dictionary.getBytes());
    return codec == CompressionCodecName.SNAPPY
        ? new DictionaryPage(
            BytesInput.from(Snappy.compress(bytes)),
            bytes.length,
            dictionary.getDictionarySize(),
            dictionary.getEncoding())
        : dictionary;
  }
}
