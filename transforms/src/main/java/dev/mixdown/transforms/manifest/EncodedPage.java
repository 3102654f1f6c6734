package dev.mixdown.transforms.manifest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;

/**
 * A page of a column as it will be in the file.
 *
 * @param values its values, and the nulls between them
 * @param uncompressed bytes before compression
 */
record EncodedPage(
    int values, int uncompressed, ByteBuffer bytes, Statistics<?> statistics, Encoding encoding) {

  /** The most bytes that it takes beside its own and its smallest and largest value. */
  private static final int MOST_BESIDE = 64;

  /** The most bytes that {@link #write} writes. */
  int most() {
    int range =
        statistics.hasNonNullValue()
            ? statistics.getMinBytes().length + statistics.getMaxBytes().length
            : 0;
    return bytes.remaining() + range + MOST_BESIDE;
  }

  /** Writes it, for a worker that puts the file together. */
  void write(ByteBuffer out) {
    out.putInt(values).putInt(uncompressed);
    put(out, ByteBuffer.wrap(encoding.name().getBytes(StandardCharsets.US_ASCII)));
    out.putLong(statistics.isNumNullsSet() ? statistics.getNumNulls() : -1);
    out.put((byte) (statistics.hasNonNullValue() ? 1 : 0));
    if (statistics.hasNonNullValue()) {
      put(out, ByteBuffer.wrap(statistics.getMinBytes()));
      put(out, ByteBuffer.wrap(statistics.getMaxBytes()));
    }
    put(out, bytes.duplicate());
  }

  private static void put(ByteBuffer out, ByteBuffer bytes) {
    out.putInt(bytes.remaining()).put(bytes);
  }

  /**
   * Reads one back; its bytes stay where they are.
   *
   * @param type of its column
   */
  static EncodedPage read(ByteBuffer in, PrimitiveType type) {
    int values = in.getInt();
    int uncompressed = in.getInt();
    Encoding encoding = Encoding.valueOf(new String(bytes(in), StandardCharsets.US_ASCII));
    Statistics.Builder statistics = Statistics.getBuilderForReading(type);
    long nulls = in.getLong();
    if (nulls >= 0) {
      statistics.withNumNulls(nulls);
    }
    if (in.get() == 1) {
      statistics.withMin(bytes(in)).withMax(bytes(in));
    }
    int length = in.getInt();
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    return new EncodedPage(values, uncompressed, bytes, statistics.build(), encoding);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
