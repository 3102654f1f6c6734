package dev.mixdown.transforms.manifest;

import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import dev.mixdown.transforms.mixing.Stratum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveComparator;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Writes a part as Parquet, straight from columns to pages: no object, and no call, for each row.
 * Identities are random, which compression cannot make smaller; everything else is compressed.
 */
final class ParquetPartWriter implements PartWriter {
  private static final long ROW_GROUP_BYTES = 64L << 20;

  /** Beyond so many passes their dictionary would be larger than what it saves. */
  private static final int MOST_PASSES = 1 << 12;

  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(INT64)
          .named("position")
          .required(BINARY)
          .as(stringType())
          .named("dataset")
          .required(BINARY)
          .as(stringType())
          .named("category")
          .required(INT32)
          .named("shard")
          .required(INT32)
          .named("record")
          .optional(INT64)
          .named("offset")
          .optional(INT32)
          .named("length")
          .required(INT32)
          .named("pass")
          .required(INT64)
          .as(intType(64, false))
          .named("identity")
          .optional(INT64)
          .named("augment_seed")
          .named("sample");

  /** The columns in their order, each with its type. */
  static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (Type type : SCHEMA.getFields()) {
      LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
      PrimitiveType.PrimitiveTypeName primitive = type.asPrimitiveType().getPrimitiveTypeName();
      columns.put(
          type.getName(),
          (logical == null ? primitive.name() : logical.toString()).toLowerCase(Locale.ROOT));
    }
    return columns;
  }

  private static final PrimitiveComparator<Binary> ORDER =
      SCHEMA.getType("dataset").asPrimitiveType().comparator();

  /** Pages of a row group. */
  private static final int MOST_PAGES = 16;

  private final ParquetFileWriter file;
  private final ColumnPages[] columns;
  private final Names datasets;
  private final Names categories;
  private final int[] numbers = new int[Samples.CAPACITY];
  private int pages;
  private long rows;
  private int mostPass;

  /**
   * The names that a column has, as a dictionary.
   *
   * @param names each once
   * @param ofStratum the number of each stratum's
   */
  private record Names(List<Binary> names, int[] ofStratum) {
    static Names of(List<Stratum> strata, Function<Stratum, String> name) {
      Map<String, Integer> known = new LinkedHashMap<>();
      int[] ofStratum = new int[strata.size()];
      for (int s = 0; s < ofStratum.length; s++) {
        String text = name.apply(strata.get(s));
        known.putIfAbsent(text, known.size());
        ofStratum[s] = known.get(text);
      }
      return new Names(known.keySet().stream().map(Binary::fromString).toList(), ofStratum);
    }

    DictionaryPage dictionary() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (Binary name : names) {
        bytes.write(littleEndian(name.length()));
        name.writeTo(bytes);
      }
      return new DictionaryPage(BytesInput.from(bytes.toByteArray()), names.size(), Encoding.PLAIN);
    }
  }

  ParquetPartWriter(OutputStream out, List<Stratum> strata) throws IOException {
    file =
        new ParquetFileWriter(
            new StreamOutputFile(out),
            SCHEMA,
            ParquetFileWriter.Mode.CREATE,
            ROW_GROUP_BYTES,
            0,
            null,
            ParquetProperties.builder().build());
    file.start();
    columns =
        SCHEMA.getColumns().stream()
            .map(c -> new ColumnPages(c, !c.getPath()[0].equals("identity")))
            .toArray(ColumnPages[]::new);
    datasets = Names.of(strata, Stratum::dataset);
    categories = Names.of(strata, Stratum::category);
  }

  @Override
  public void write(Samples samples) throws IOException {
    int n = samples.size();
    if (n == 0) {
      return;
    }
    columns[0].rising(samples.position, n);
    names(columns[1], datasets, samples, n);
    names(columns[2], categories, samples, n);
    columns[3].numbers(samples.shard, n);
    columns[4].numbers(samples.record, n);
    columns[5].numbers(samples.offset, n);
    columns[6].numbers(samples.length, samples.offset, n);
    passes(columns[7], samples, n);
    columns[8].hashes(samples.identity, n);
    columns[9].numbers(samples.augmentSeed, n);
    rows += n;
    if (++pages == MOST_PAGES) {
      endRowGroup();
    }
  }

  private void names(ColumnPages column, Names names, Samples samples, int n) throws IOException {
    boolean[] there = new boolean[names.names().size()];
    for (int i = 0; i < n; i++) {
      numbers[i] = names.ofStratum()[samples.stratum[i]];
      there[numbers[i]] = true;
    }
    Binary min = null;
    Binary max = null;
    for (int k = 0; k < there.length; k++) {
      Binary name = names.names().get(k);
      if (there[k]) {
        min = min == null || ORDER.compare(name, min) < 0 ? name : min;
        max = max == null || ORDER.compare(name, max) > 0 ? name : max;
      }
    }
    column.entries(
        numbers,
        n,
        there.length - 1,
        min == null || max == null ? column.none() : column.range(min, max));
  }

  /** Passes are few, mostly: numbers up to the largest are their own dictionary. */
  private void passes(ColumnPages column, Samples samples, int n) throws IOException {
    int min = Integer.MAX_VALUE;
    int max = 0;
    for (int i = 0; i < n; i++) {
      min = Math.min(min, samples.pass[i]);
      max = Math.max(max, samples.pass[i]);
    }
    if (max < MOST_PASSES) {
      mostPass = Math.max(mostPass, max);
      column.entries(samples.pass, n, max, column.range(min, max, 0));
    } else {
      column.numbers(samples.pass, n);
    }
  }

  private void endRowGroup() throws IOException {
    if (rows == 0) {
      return;
    }
    file.startBlock(rows);
    for (int c = 0; c < columns.length; c++) {
      columns[c].writeTo(
          file,
          switch (c) {
            case 1 -> datasets.dictionary();
            case 2 -> categories.dictionary();
            case 7 -> passDictionary();
            default -> null;
          });
    }
    file.endBlock();
    pages = 0;
    rows = 0;
    mostPass = 0;
  }

  private DictionaryPage passDictionary() {
    ByteBuffer bytes =
        ByteBuffer.allocate((mostPass + 1) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int p = 0; p <= mostPass; p++) {
      bytes.putInt(p);
    }
    return new DictionaryPage(BytesInput.from(bytes.array()), mostPass + 1, Encoding.PLAIN);
  }

  private static byte[] littleEndian(int number) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  @Override
  public void close() throws IOException {
    endRowGroup();
    file.end(Map.of());
  }

  /** A stream that is written once, from its beginning, as Parquet's kind of file. */
  private record StreamOutputFile(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new DeterministicFooter(out);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
