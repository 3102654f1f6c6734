package dev.mixdown.transforms.shards;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.ZstdOutputStream;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordCollector;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.RecordTexts.Wanted;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes that are read again are those that the inspection has seen. */
class RecordTextsTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  private interface Around {
    OutputStream open(OutputStream out) throws IOException;
  }

  private FileInfo write(String name, String text, Around around) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = around.open(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return STORAGE.stat(file.toString()).orElseThrow();
  }

  private static ShardFormat format(FileInfo file) {
    return ShardFormat.named(file.path(), Optional.empty()).format().orElseThrow();
  }

  /** Where every good record is, with its identity, as the index has it. */
  private Map<Wanted, Long> index(FileInfo file) throws Exception {
    InspectionSpec spec = InspectionSpec.of(format(file), CsvOptions.DEFAULT, true, true);
    Workspace workspace = new Workspace(STORAGE, folder.resolve("ws").toString());
    Inspection inspection = new ShardInspector(workspace, ReadCounter.unseen()).inspect(file, spec);
    Map<Wanted, Long> all = new LinkedHashMap<>();
    try (IndexReader index = new IndexReader(STORAGE, workspace.index(inspection.sha256(), spec))) {
      while (index.next()) {
        for (int i = 0; i < index.size(); i++) {
          if (index.group(i) != IndexReader.LEFT_OUT) {
            all.put(
                new Wanted(index.record(i), index.offset(i), index.length(i)), index.identity(i));
          }
        }
      }
    }
    return all;
  }

  private void check(FileInfo file, int records) throws Exception {
    Map<Wanted, Long> all = index(file);
    assertThat(file.path(), all.size(), is(records));
    List<Wanted> wanted = new ArrayList<>();
    Random random = new Random(3);
    all.keySet().stream().filter(w -> random.nextInt(3) == 0).forEach(wanted::add);
    Map<Integer, byte[]> texts =
        new RecordTexts(STORAGE).read(file, format(file), CsvOptions.DEFAULT, wanted);
    assertThat(texts.size(), is(wanted.size()));
    for (Wanted one : wanted) {
      byte[] text = texts.get(one.record());
      assertThat(
          file.path() + " record " + one.record(),
          RecordCollector.identity(text, 0, text.length),
          is(all.get(one)));
    }
  }

  @Test
  void records_of_every_text_format_and_compression_are_those_that_were_inspected()
      throws Exception {
    StringBuilder lines = new StringBuilder("\uFEFF");
    StringBuilder rows = new StringBuilder("id,text\n");
    for (int i = 0; i < 500; i++) {
      // Blank lines and bad records between the good ones, line ends of both kinds.
      lines.append(i % 7 == 0 ? "\n  \r\n" : "").append(i % 50 == 9 ? "no json\n" : "");
      lines.append("{\"id\": %d, \"t\": \"größe %s\"}".formatted(i, "x".repeat(i)));
      lines.append(i % 3 == 0 ? "\r\n" : "\n");
      rows.append(i % 50 == 9 ? "one\n\n" : "");
      rows.append(
          "%d,\"a \"\"quoted\"\"\nline, %d\"%s".formatted(i, i * i, i % 2 == 0 ? "\r\n" : "\n"));
    }
    Map<String, Around> arounds =
        Map.of(
            "", out -> out,
            ".gz", GZIPOutputStream::new,
            ".zst", ZstdOutputStream::new,
            ".bz2", BZip2CompressorOutputStream::new);
    for (Map.Entry<String, Around> around : arounds.entrySet()) {
      check(write("lines.jsonl" + around.getKey(), lines.toString(), around.getValue()), 500);
      check(write("rows.csv" + around.getKey(), rows.toString(), around.getValue()), 500);
    }
  }

  @Test
  void parquet_rows_are_json_by_what_their_values_mean() throws Exception {
    MessageType type =
        MessageTypeParser.parseMessageType(
            """
            message m {
              required int32 n;
              optional binary s (UTF8);
              optional binary raw;
              required int32 day (DATE);
              required int64 at (TIMESTAMP(MILLIS,true));
              required int96 old;
              required int32 time (TIME(MILLIS,true));
              required int64 price (DECIMAL(12,2));
              required int32 u (INTEGER(32,false));
              required group tags (LIST) { repeated group list { optional binary element (UTF8); } }
              required group sizes (MAP) {
                repeated group key_value { required binary key (UTF8); optional int32 value; } }
              repeated int32 plain;
              required group inner { required boolean yes; required double d; }
            }
            """);
    Path path = folder.resolve("rows.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withRowGroupSize(20_000L)
            .withType(type)
            .build()) {
      for (int i = 0; i < 3_000; i++) {
        Group group = new SimpleGroupFactory(type).newGroup();
        group.add("n", i);
        if (i % 2 == 0) {
          group.add("s", "größe " + i);
          group.add("raw", org.apache.parquet.io.api.Binary.fromConstantByteArray(new byte[] {-1}));
        }
        group.add("day", 20_000);
        group.add("at", 1_700_000_000_123L);
        group.add("old", new NanoTime(2_440_588 + 1, 5_000_000_000L).toBinary());
        group.add("time", 3_600_500);
        group.add("price", 1_999L);
        group.add("u", -1);
        Group tags = group.addGroup("tags");
        tags.addGroup("list").add("element", "a");
        tags.addGroup("list");
        Group size = group.addGroup("sizes").addGroup("key_value");
        size.add("key", "w");
        size.add("value", 7);
        group.add("plain", 1);
        group.add("plain", 2);
        Group inner = group.addGroup("inner");
        inner.add("yes", true);
        inner.add("d", 0.5);
        writer.write(group);
      }
    }
    FileInfo file = STORAGE.stat(path.toString()).orElseThrow();
    Map<Integer, byte[]> rows =
        new RecordTexts(STORAGE)
            .read(
                file,
                format(file),
                CsvOptions.DEFAULT,
                List.of(new Wanted(2, -1, 0), new Wanted(2_999, -1, 0)));
    assertThat(
        new String(rows.get(2), StandardCharsets.UTF_8),
        is(
            "{\"n\":2,\"s\":\"größe 2\",\"raw\":\"/w==\",\"day\":\"2024-10-04\","
                + "\"at\":\"2023-11-14T22:13:20.123Z\",\"old\":\"1970-01-02T00:00:05Z\","
                + "\"time\":\"01:00:00.500\",\"price\":19.99,\"u\":4294967295,\"tags\":[\"a\",null],"
                + "\"sizes\":{\"w\":7},\"plain\":[1,2],\"inner\":{\"yes\":true,\"d\":0.5}}"));
    assertThat(
        new String(rows.get(2_999), StandardCharsets.UTF_8),
        containsString("{\"n\":2999,\"s\":null,\"raw\":null,"));
  }

  @Test
  void a_shard_that_changed_or_cannot_be_read_is_an_error() throws Exception {
    FileInfo file = write("short.jsonl", "{\"a\":1}\n", out -> out);
    RecordTexts texts = new RecordTexts(STORAGE);
    assertThrows(
        EOFException.class,
        () -> texts.read(file, format(file), CsvOptions.DEFAULT, List.of(new Wanted(1, 8, 9))));
    FileInfo open = write("open.csv.gz", "a,b\n1,\"2\n", GZIPOutputStream::new);
    BadShardException bad =
        assertThrows(
            BadShardException.class,
            () ->
                texts.read(open, format(open), CsvOptions.DEFAULT, List.of(new Wanted(0, -1, 0))));
    assertThat(bad.problems().get(0).toString(), containsString("a quote is never closed"));
  }
}
