package dev.mixdown.transforms.formats;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.format.ColumnCryptoMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.EncryptionWithFooterKey;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet values count by what they mean, and footers that cannot be right are refused. */
class ParquetMeaningTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  private FileInfo write(String name, String schema, int rows, BiConsumer<Group, Integer> filler)
      throws IOException {
    Path path = folder.resolve(name + ".parquet");
    MessageType type = MessageTypeParser.parseMessageType(schema);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(type)
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group group = new SimpleGroupFactory(type).newGroup();
        filler.accept(group, i);
        writer.write(group);
      }
    }
    return STORAGE.stat(path.toString()).orElseThrow();
  }

  private static InspectionSpec spec(String unitField) {
    return new InspectionSpec(
        new ShardFormat(ShardFormat.Records.PARQUET, ShardFormat.Compression.NONE),
        CsvOptions.DEFAULT,
        true,
        false,
        null,
        null,
        unitField,
        null);
  }

  private Inspection inspect(FileInfo file, String unitField) throws Exception {
    return new ShardInspector(new Workspace(STORAGE, folder + "/workspace"), ReadCounter.unseen())
        .inspect(file, spec(unitField));
  }

  private List<Long> identities(FileInfo file) throws Exception {
    Inspection inspection = inspect(file, null);
    List<Long> identities = new ArrayList<>();
    try (IndexReader index =
        new IndexReader(
            STORAGE,
            new Workspace(STORAGE, folder + "/workspace").index(inspection.sha256(), spec(null)))) {
      while (index.next()) {
        for (int i = 0; i < index.size(); i++) {
          identities.add(index.identity(i));
        }
      }
    }
    return identities;
  }

  @Test
  void a_decimal_is_the_same_in_every_physical_form_and_counts_by_its_value() throws Exception {
    List<FileInfo> files =
        List.of(
            write(
                "i32",
                "message m { required int32 v (DECIMAL(9,2)); }",
                5,
                (g, i) -> g.add("v", 150 * i)),
            write(
                "i64",
                "message m { required int64 v (DECIMAL(12,3)); }",
                5,
                (g, i) -> g.add("v", 1_500L * i)),
            write(
                "flba",
                "message m { required fixed_len_byte_array(20) v (DECIMAL(40,4)); }",
                5,
                (g, i) -> g.add("v", Binary.fromConstantByteArray(padded(15_000L * i, 20)))),
            write(
                "bin",
                "message m { required binary v (DECIMAL(9,2)); }",
                5,
                (g, i) ->
                    g.add(
                        "v",
                        Binary.fromConstantByteArray(BigInteger.valueOf(150L * i).toByteArray()))));
    List<Long> expected = identities(files.get(0));
    for (FileInfo file : files) {
      assertThat(file.path(), identities(file), is(expected));
      Inspection inspection = inspect(file, "v");
      assertThat(inspection.typed(), is(true));
      assertThat(inspection.groups().get(0).units().compareTo(new BigDecimal("15")), is(0));
    }
  }

  private static byte[] padded(long value, int size) {
    byte[] bytes = new byte[size];
    ByteBuffer.wrap(bytes).putLong(size - Long.BYTES, value);
    return bytes;
  }

  @Test
  void a_moment_is_the_same_in_milliseconds_microseconds_nanoseconds_and_int96() throws Exception {
    long second = 1_700_000_000L;
    List<FileInfo> files =
        List.of(
            write(
                "ms",
                "message m { required int64 t (TIMESTAMP(MILLIS,true)); }",
                5,
                (g, i) -> g.add("t", (second + i) * 1_000 + 250)),
            write(
                "us",
                "message m { required int64 t (TIMESTAMP(MICROS,true)); }",
                5,
                (g, i) -> g.add("t", (second + i) * 1_000_000 + 250_000)),
            write(
                "ns",
                "message m { required int64 t (TIMESTAMP(NANOS,true)); }",
                5,
                (g, i) -> g.add("t", (second + i) * 1_000_000_000 + 250_000_000)),
            write(
                "int96",
                "message m { required int96 t; }",
                5,
                (g, i) -> g.add("t", int96(second + i, 250_000_000))));
    List<Long> expected = identities(files.get(0));
    for (FileInfo file : files) {
      assertThat(file.path(), identities(file), is(expected));
    }
  }

  private static Binary int96(long second, long nanos) {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(Math.floorMod(second, 86_400L) * 1_000_000_000L + nanos);
    bytes.putInt((int) (Math.floorDiv(second, 86_400L) + 2_440_588));
    return Binary.fromConstantByteArray(bytes.array());
  }

  @Test
  void unsigned_numbers_have_no_sign_and_plain_ones_keep_their_identity() throws Exception {
    FileInfo narrow =
        write(
            "u32",
            "message m { required int32 v (INTEGER(32,false)); }",
            1,
            (g, i) -> g.add("v", (int) 4_000_000_000L));
    FileInfo wide =
        write("i64", "message m { required int64 v; }", 1, (g, i) -> g.add("v", 4_000_000_000L));
    assertThat(identities(narrow), is(identities(wide)));
    assertThat(
        inspect(narrow, "v").groups().get(0).units(), is(BigDecimal.valueOf(4_000_000_000L)));
    assertThat(inspect(wide, null).typed(), is(false));
  }

  @Test
  void files_without_rows_or_columns_are_read() throws Exception {
    FileInfo none = write("none", "message m { required int32 v; }", 0, (g, i) -> {});
    assertThat(inspect(none, null).records(), is(0L));
    FileInfo some = write("some", "message m { required int32 v; }", 3, (g, i) -> g.add("v", i));
    for (int at = 0; at < 2; at++) {
      int place = at;
      FileInfo with =
          footer(
              some,
              "empty" + at,
              data -> {
                RowGroup empty = data.getRow_groups().get(0).deepCopy();
                empty.setNum_rows(0);
                empty.getColumns().forEach(c -> c.getMeta_data().setNum_values(0));
                data.getRow_groups().add(place, empty);
              });
      assertThat(inspect(with, null).records(), is(3L));
    }
    FileInfo columnless =
        footer(
            some,
            "columnless",
            data -> {
              data.getSchema().get(0).setNum_children(0);
              data.getSchema().remove(1);
              data.getRow_groups().get(0).getColumns().clear();
              data.unsetColumn_orders();
            });
    assertThat(inspect(columnless, null).records(), is(3L));
  }

  @Test
  void what_cannot_be_read_is_named_without_a_word_of_java() throws Exception {
    FileInfo some =
        write(
            "two",
            "message m { required int32 v; required int32 w; }",
            3,
            (g, i) -> {
              g.add("v", i);
              g.add("w", i);
            });
    refused(
        footer(some, "rows", d -> d.setNum_rows(5_000)),
        "it says 5,000 rows, but its row groups have 3");
    refused(footer(some, "names", d -> d.getSchema().get(2).setName("v")), "has two columns \"v\"");
    refused(
        footer(
            some,
            "codec",
            d ->
                d.getRow_groups()
                    .get(0)
                    .getColumns()
                    .get(1)
                    .getMeta_data()
                    .setCodec(CompressionCodec.BROTLI)),
        "has column \"w\" compressed with Brotli, which cannot be read");
    refused(
        footer(
            some,
            "encrypted",
            d ->
                d.getRow_groups()
                    .get(0)
                    .getColumns()
                    .get(0)
                    .setCrypto_metadata(
                        ColumnCryptoMetaData.ENCRYPTION_WITH_FOOTER_KEY(
                            new EncryptionWithFooterKey()))),
        "has encrypted columns");
  }

  private void refused(FileInfo file, String message) {
    String found = assertThrows(BadShardException.class, () -> inspect(file, null)).getMessage();
    assertThat(found, containsString(message));
    assertThat(found, not(containsString("Exception")));
    assertThat(found, not(containsString("org.apache")));
  }

  /** The same file with another footer. */
  private FileInfo footer(FileInfo file, String name, Consumer<FileMetaData> change)
      throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(file.path()));
    int length =
        ByteBuffer.wrap(bytes, bytes.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    int begin = bytes.length - 8 - length;
    FileMetaData data =
        Util.readFileMetaData(
            new ByteArrayInputStream(Arrays.copyOfRange(bytes, begin, begin + length)));
    change.accept(data);
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(bytes, 0, begin);
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(data, footer);
    footer.writeTo(changed);
    changed.write(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(footer.size()).array());
    changed.write("PAR1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    Path path = folder.resolve(name + ".parquet");
    Files.write(path, changed.toByteArray());
    return STORAGE.stat(path.toString()).orElseThrow();
  }
}
