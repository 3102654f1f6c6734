package dev.mixdown.transforms.manifest;

import dev.mixdown.transforms.manifest.ParquetColumns.Names;
import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Writes a part as Parquet. The pages of a row group wait until it is whole, since its columns
 * follow one another in the file.
 */
final class ParquetPartWriter implements PartWriter {
  private static final long ROW_GROUP_BYTES = 64L << 20;

  /** Pages that a row group has of each column. */
  private static final int MOST_PAGES = 16;

  private final ParquetFileWriter file;
  private final Names datasets;
  private final Names categories;
  private final Names streamStrata;
  private final MessageType schema;

  /** By column: those of the row group. */
  private final List<List<EncodedPage>> pages = new ArrayList<>();

  private long rows;
  private int mostPass;

  ParquetPartWriter(OutputStream out, RowKinds kinds) throws IOException {
    schema = ParquetColumns.schema(kinds);
    file =
        new ParquetFileWriter(
            new StreamOutputFile(out),
            schema,
            ParquetFileWriter.Mode.CREATE,
            ROW_GROUP_BYTES,
            0,
            null,
            ParquetProperties.builder().build());
    file.start();
    schema.getColumns().forEach(column -> pages.add(new ArrayList<>()));
    datasets = Names.of(kinds.strata(), Stratum::dataset);
    categories = Names.of(kinds.strata(), Stratum::category);
    streamStrata = Names.of(kinds.ofStream(), RowKinds.OfStream::stratum);
  }

  @Override
  public void write(byte[] encoded) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    rows += in.getInt();
    mostPass = Math.max(mostPass, in.getInt());
    for (int c = 0; c < pages.size(); c++) {
      pages.get(c).add(EncodedPage.read(in, schema.getColumns().get(c).getPrimitiveType()));
    }
    if (pages.get(0).size() == MOST_PAGES) {
      endRowGroup();
    }
  }

  private void endRowGroup() throws IOException {
    if (rows == 0) {
      return;
    }
    file.startBlock(rows);
    for (int c = 0; c < pages.size(); c++) {
      writeColumn(
          c,
          switch (c) {
            case 1 -> datasets.dictionary();
            case 2 -> categories.dictionary();
            case 7 -> passDictionary();
            case 10 -> streamStrata.dictionary();
            default -> null;
          });
    }
    file.endBlock();
    rows = 0;
    pages.forEach(List::clear);
    mostPass = 0;
  }

  private void writeColumn(int c, @Nullable DictionaryPage dictionary) throws IOException {
    ColumnDescriptor column = schema.getColumns().get(c);
    CompressionCodecName codec = ParquetColumns.codec(column);
    file.startColumn(column, rows, codec);
    if (dictionary != null) {
      file.writeDictionaryPage(dictionary);
    }
    for (EncodedPage page : pages.get(c)) {
      file.writeDataPage(
          page.values(),
          page.uncompressed(),
          BytesInput.from(page.bytes().duplicate()),
          page.statistics(),
          page.values(),
          Encoding.RLE,
          Encoding.RLE,
          page.encoding());
    }
    file.endColumn();
  }

  private DictionaryPage passDictionary() throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate((mostPass + 1) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int p = 0; p <= mostPass; p++) {
      bytes.putInt(p);
    }
    return ParquetColumns.dictionary(bytes.array(), mostPass + 1);
  }

  @Override
  public void close() throws IOException {
    endRowGroup();
    file.end(Map.of());
  }
}
