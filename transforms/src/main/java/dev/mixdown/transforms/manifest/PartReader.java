package dev.mixdown.transforms.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/** Reads the rows of a part back, for those who check it. */
public final class PartReader {
  private PartReader() {}

  /**
   * A sample as a part has it.
   *
   * @param offset -1 where it is null
   * @param length -1 where it is null
   * @param augmentSeed -1 where it is null
   * @param stratum in a part of a stream, whose seat it has; else empty
   * @param replay in a part of a stream, whether it was given before
   */
  public record Sample(
      long position,
      String dataset,
      String category,
      int shard,
      int record,
      long offset,
      int length,
      int pass,
      long identity,
      long augmentSeed,
      String stratum,
      boolean replay) {}

  /** Takes samples, in their order. */
  @FunctionalInterface
  public interface Visitor {
    void visit(Sample sample) throws IOException;
  }

  /** Takes samples, in their order, and says whether it wants more. */
  private interface Taker {
    boolean take(Sample sample) throws IOException;
  }

  /** Reads all rows of a part, whose extension tells its format. */
  public static void read(Storage storage, String path, Visitor visitor) throws IOException {
    read(
        storage,
        path,
        0,
        sample -> {
          visitor.visit(sample);
          return true;
        });
  }

  /**
   * Reads some rows of a part. Pages of Parquet before them are not read.
   *
   * @param from the first position that is looked at
   * @param most how many rows, at most
   * @param wanted which of the rows
   */
  public static List<Sample> some(
      Storage storage, String path, long from, long most, Predicate<Sample> wanted)
      throws IOException {
    List<Sample> some = new ArrayList<>();
    if (most > 0) {
      read(
          storage,
          path,
          from,
          sample -> {
            if (wanted.test(sample)) {
              some.add(sample);
            }
            return some.size() < most;
          });
    }
    return some;
  }

  private static void read(Storage storage, String path, long from, Taker taker)
      throws IOException {
    if (path.endsWith("." + ManifestFormat.PARQUET.extension())) {
      readParquet(storage, path, from, taker);
    } else {
      readJsonl(storage, path, from, taker);
    }
  }

  private static void readJsonl(Storage storage, String path, long from, Taker taker)
      throws IOException {
    try (InputStream in = new BufferedInputStream(storage.open(path));
        MappingIterator<JsonNode> rows =
            new ObjectMapper().readerFor(JsonNode.class).readValues(in)) {
      boolean more = true;
      while (more && rows.hasNextValue()) {
        JsonNode row = rows.nextValue();
        long position = row.required("position").longValue();
        if (position < from) {
          continue;
        }
        more =
            taker.take(
                new Sample(
                    position,
                    row.required("dataset").textValue(),
                    row.required("category").textValue(),
                    row.required("shard").intValue(),
                    row.required("record").intValue(),
                    row.required("offset").asLong(-1),
                    row.required("length").asInt(-1),
                    row.required("pass").intValue(),
                    hash(row.required("identity")),
                    row.required("augment_seed").isNull() ? -1 : hash(row.required("augment_seed")),
                    row.path("stratum").asText(""),
                    row.path("replay").asBoolean(false)));
      }
    }
  }

  /** A hash as text of 16 hexadecimal digits, or as a number, as earlier versions wrote it. */
  private static long hash(JsonNode value) {
    return value.isTextual()
        ? Long.parseUnsignedLong(value.textValue(), 16)
        : value.bigIntegerValue().longValue();
  }

  private static void readParquet(Storage storage, String path, long from, Taker taker)
      throws IOException {
    FileInfo part = storage.stat(path).orElseThrow(() -> new FileNotFoundException(path));
    FilterCompat.Filter filter =
        from > 0
            ? FilterCompat.get(FilterApi.gtEq(FilterApi.longColumn("position"), from))
            : FilterCompat.NOOP;
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withRecordFilter(filter)
            .build();
    try (ParquetFileReader reader =
        ParquetFileReader.open(new ParquetInput(storage, part), options)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      boolean more = true;
      PageReadStore pages = reader.readNextFilteredRowGroup();
      while (more && pages != null) {
        RecordReader<Sample> rows =
            new ColumnIOFactory()
                .getColumnIO(schema)
                .getRecordReader(pages, new SampleRows(schema), filter);
        for (long i = 0; more && i < pages.getRowCount(); i++) {
          Sample sample = rows.read();
          // Pages begin before the position: rows that are not wanted are null.
          more = sample == null || rows.shouldSkipCurrentRecord() || taker.take(sample);
        }
        pages = more ? reader.readNextFilteredRowGroup() : null;
      }
    }
  }
}
