package dev.mixdown.transforms.manifest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Passes a Parquet file on, and settles its footer: Parquet lists the encodings of a column in the
 * order of a hash set of enum constants, which is another one in every process. The last bytes are
 * held back until the file ends; then the lists are sorted. Nothing else changes, not even a
 * length.
 */
final class DeterministicFooter extends PositionOutputStream {
  /** More than any footer has: a row group takes about a kilobyte. */
  private static final int HELD = 4 << 20;

  private static final int TRAILER = 8;

  private final OutputStream out;
  private byte[] held = new byte[64 << 10];
  private int size;
  private long position;

  DeterministicFooter(OutputStream out) {
    this.out = out;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (size + length > 2 * HELD) {
      int passed = Math.max(0, size - HELD);
      out.write(held, 0, passed);
      System.arraycopy(held, passed, held, 0, size - passed);
      size -= passed;
    }
    if (size + length > held.length) {
      held = java.util.Arrays.copyOf(held, Math.max(size + length, held.length * 2));
    }
    System.arraycopy(bytes, offset, held, size, length);
    size += length;
    position += length;
  }

  @Override
  public void close() throws IOException {
    try (out) {
      int length = ByteBuffer.wrap(held, size - TRAILER, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
      int start = size - TRAILER - length;
      if (start < 0) {
        throw new IOException("a footer of " + length + " bytes is larger than what is held back");
      }
      byte[] settled = settle(held, start, length);
      out.write(held, 0, start);
      out.write(settled);
      ByteBuffer trailer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      out.write(trailer.putInt(settled.length).array());
      out.write(held, size - 4, 4);
    }
  }

  private static byte[] settle(byte[] bytes, int start, int length) throws IOException {
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, start, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        ColumnMetaData column = chunk.getMeta_data();
        column.getEncodings().sort(Comparator.naturalOrder());
        if (column.isSetEncoding_stats()) {
          column
              .getEncoding_stats()
              .sort(
                  Comparator.comparing(PageEncodingStats::getPage_type)
                      .thenComparing(PageEncodingStats::getEncoding));
        }
      }
    }
    ByteArrayOutputStream settled = new ByteArrayOutputStream(length);
    Util.writeFileMetaData(footer, settled);
    return settled.toByteArray();
  }
}
