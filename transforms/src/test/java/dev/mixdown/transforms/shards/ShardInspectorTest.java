package dev.mixdown.transforms.shards;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
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
import dev.mixdown.transforms.records.RecordBuffer;
import dev.mixdown.transforms.records.ShardFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardInspectorTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  private FileInfo file(String name, byte[] bytes) throws IOException {
    Path path = folder.resolve(name);
    Files.write(path, bytes);
    return STORAGE.stat(path.toString()).orElseThrow();
  }

  private FileInfo file(String name, String text) throws IOException {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static InspectionSpec spec(FileInfo file, boolean full, boolean skip) {
    return InspectionSpec.of(
        ShardFormat.named(file.path(), Optional.empty()).format().orElseThrow(), full, skip);
  }

  private Workspace workspace() {
    return new Workspace(STORAGE, folder.resolve("workspace").toString());
  }

  private Inspection inspect(FileInfo file, InspectionSpec spec) throws Exception {
    return new ShardInspector(workspace(), ReadCounter.unseen()).inspect(file, spec);
  }

  private Inspection inspect(FileInfo file) throws Exception {
    return inspect(file, spec(file, true, false));
  }

  private String problem(FileInfo file) {
    return problem(file, spec(file, true, false));
  }

  private String problem(FileInfo file, InspectionSpec spec) {
    return assertThrows(BadShardException.class, () -> inspect(file, spec)).getMessage();
  }

  /** A row of the index. */
  private record Row(int record, long offset, int length, long identity, int group) {}

  private List<Row> index(Inspection inspection, InspectionSpec spec) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (IndexReader index =
        new IndexReader(STORAGE, workspace().index(inspection.sha256(), spec))) {
      while (index.next()) {
        for (int i = 0; i < index.size(); i++) {
          rows.add(
              new Row(
                  index.record(i),
                  index.offset(i),
                  index.length(i),
                  index.identity(i),
                  index.group(i)));
        }
      }
    }
    return rows;
  }

  @Test
  void every_non_blank_line_is_a_record_that_can_be_sought() throws Exception {
    String text = "\uFEFF{\"a\": 1}\n\n  \r\n {\"a\": 2} \r\n{\"a\": 3}";
    FileInfo file = file("a.jsonl", text);
    Inspection inspection = inspect(file);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(
        inspection.sha256(),
        is(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))));
    assertThat(inspection.bytes(), is((long) bytes.length));
    assertThat(inspection.records(), is(3L));
    List<Row> rows = index(inspection, spec(file, true, false));
    List<String> found =
        rows.stream()
            .map(r -> new String(bytes, (int) r.offset(), r.length(), StandardCharsets.UTF_8))
            .toList();
    assertThat(found, is(List.of("{\"a\": 1}", " {\"a\": 2} ", "{\"a\": 3}")));
  }

  @Test
  void records_larger_than_every_buffer_are_read_whole() throws Exception {
    StringBuilder text = new StringBuilder();
    SplittableRandom random = new SplittableRandom(5);
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String line = "{\"t\": \"" + "x".repeat(random.nextInt(900_000)) + "\"}";
      lengths.add(line.length());
      text.append(line).append('\n');
    }
    FileInfo file = file("big.jsonl", text.toString());
    Inspection inspection = inspect(file);
    assertThat(
        index(inspection, spec(file, true, false)).stream().map(Row::length).toList(), is(lengths));
  }

  @Test
  void compressed_shards_have_the_same_records_and_the_fingerprint_of_what_lies_there()
      throws Exception {
    byte[] plain = "{\"a\": 1}\n{\"a\": 2}\n".getBytes(StandardCharsets.UTF_8);
    List<Long> identities =
        index(inspect(file("p.jsonl", plain)), spec(file("p.jsonl", plain), true, false)).stream()
            .map(Row::identity)
            .toList();
    ByteArrayOutputStream twoMembers = new ByteArrayOutputStream();
    twoMembers.write(compress("gz", Arrays.copyOf(plain, 9)));
    twoMembers.write(compress("gz", Arrays.copyOfRange(plain, 9, plain.length)));
    for (FileInfo file :
        List.of(
            file("c.jsonl.gz", compress("gz", plain)),
            file("m.jsonl.gz", twoMembers.toByteArray()),
            file("c.jsonl.zst", compress("zst", plain)),
            file("c.jsonl.bz2", compress("bz2", plain)))) {
      Inspection inspection = inspect(file);
      assertThat(inspection.bytes(), is(file.bytes()));
      assertThat(
          inspection.sha256(),
          is(
              HexFormat.of()
                  .formatHex(
                      MessageDigest.getInstance("SHA-256")
                          .digest(Files.readAllBytes(Path.of(file.path()))))));
      List<Row> rows = index(inspection, spec(file, true, false));
      assertThat(file.path(), rows.stream().map(Row::identity).toList(), is(identities));
      assertThat(rows.get(0).offset(), is(-1L));
    }
  }

  private static byte[] compress(String kind, byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressed =
        switch (kind) {
          case "gz" -> new GZIPOutputStream(out);
          // As the zstd command does; without, Zstandard cannot tell damage.
          case "zst" -> new ZstdOutputStream(out).setChecksum(true);
          default -> new BZip2CompressorOutputStream(out);
        }) {
      compressed.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void every_kind_of_bad_json_lines_has_its_message_with_record_and_offset() throws Exception {
    assertThat(
        problem(file("a.jsonl", "{\"a\": 1}\n{\"a\": \n{}\n")),
        containsString("a.jsonl: record 1 at byte 9: is cut short"));
    assertThat(problem(file("b.jsonl", "[1]\n")), containsString("is not a JSON object"));
    assertThat(
        problem(file("c.jsonl", new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'})),
        containsString("is not valid UTF-8: byte 0xFF (byte 2 of the record)"));
    assertThat(problem(file("d.jsonl", "")), containsString("is empty"));
    FileInfo quick = file("e.jsonl", "{\"a\": }\n{\"b\"\n");
    assertThat(
        problem(quick, spec(quick, false, false)),
        containsString("record 1 at byte 8: is cut short"));
  }

  @Test
  void a_record_over_the_limit_is_refused_and_reading_goes_on_behind_it() throws Exception {
    byte[] large = new byte[RecordBuffer.MAX_RECORD + 10_000];
    Arrays.fill(large, (byte) 'x');
    large[large.length - 1] = '\n';
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(large);
    bytes.write("{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8));
    FileInfo file = file("large.jsonl", bytes.toByteArray());
    assertThat(problem(file), containsString("record 0 at byte 0: is larger than 64 MiB"));
    Inspection skipped = inspect(file, spec(file, true, true));
    assertThat(skipped.records(), is(1L));
    assertThat(skipped.rejectedRecords(), is(1L));
  }

  @Test
  void bad_compression_has_its_message() throws Exception {
    byte[] plain = new byte[200_000];
    new SplittableRandom(1).nextBytes(plain);
    String lines = "{\"t\": \"" + HexFormat.of().formatHex(plain) + "\"}\n";
    byte[] text = lines.getBytes(StandardCharsets.UTF_8);
    for (String kind : List.of("gz", "zst", "bz2")) {
      byte[] whole = compress(kind, text);
      assertThat(
          kind,
          problem(file("cut.jsonl." + kind, Arrays.copyOf(whole, whole.length / 2))),
          containsString("is cut short"));
      assertThat(
          problem(file("none.jsonl." + kind, "{\"a\": 1}\n")),
          containsString("though its name says so"));
      byte[] damaged = whole.clone();
      for (int i = whole.length / 2; i < whole.length / 2 + 20; i++) {
        damaged[i] ^= 0x55;
      }
      assertThat(problem(file("bad.jsonl." + kind, damaged)), not(is("")));
    }
  }

  @Test
  void csv_rows_are_counted_as_rfc_4180_says() throws Exception {
    assertThat(records("a,b\r\n1,2\r\n3,4"), is(2L));
    assertThat(records("\uFEFFa,b\n\"1\n2\",\"x\"\"y,z\"\n\n3,4\n"), is(2L));
    assertThat(records("a,b\r1,2\r3,4\r"), is(2L));
    assertThat(records("a,b\n"), is(0L));
    assertThat(records("a\n\"\"\n"), is(1L));
    assertThat(records("a,b\n5\" pipe,2\n"), is(1L));
  }

  private long records(String csv) throws Exception {
    return inspect(file("t.csv", csv)).records();
  }

  @Test
  void csv_agrees_with_an_obvious_reader_on_random_files_at_any_buffer_border() throws Exception {
    SplittableRandom random = new SplittableRandom(8);
    String[] cells = {
      "", "a", "\"\"", "\"x,y\"", "\"l1\nl2\"", "\"q\"\"q\"", "\"\r\n\"", "ü", "zz zz"
    };
    String[] ends = {"\n", "\r\n", "\r"};
    for (int round = 0; round < 60; round++) {
      StringBuilder text = new StringBuilder("h1,h2,h3\n");
      List<String> expected = new ArrayList<>();
      int rows = random.nextInt(round == 0 ? 60_000 : 300);
      for (int r = 0; r < rows; r++) {
        String row =
            "n"
                + r
                + ","
                + cells[random.nextInt(cells.length)]
                + ","
                + cells[random.nextInt(cells.length)];
        expected.add(row);
        text.append(row).append(ends[random.nextInt(3)]);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      FileInfo file = file("r.csv", bytes);
      List<String> found =
          index(inspect(file), spec(file, true, false)).stream()
              .map(x -> new String(bytes, (int) x.offset(), x.length(), StandardCharsets.UTF_8))
              .toList();
      assertThat(found, is(expected));
    }
  }

  @Test
  void bad_csv_has_its_message() throws Exception {
    assertThat(
        problem(file("a.csv", "a,b\n1,\"2\n3,4\n")),
        containsString("a quote is never closed: it opens at byte 6, in record 0"));
    assertThat(
        problem(file("b.csv", "a,b\n1,2\n1,2,3\n")),
        containsString("record 1 at byte 8: has 3 fields, the header has 2"));
    assertThat(
        problem(file("c.csv", "a,b\n1\n")), containsString("has 1 fields, the header has 2"));
    assertThat(
        problem(file("d.csv", "a,b\n\"1\"x,2\n")),
        containsString("has text after a closing quote"));
    assertThat(
        problem(file("e.csv", new byte[] {'a', '\n', (byte) 0xC3, '\n'})),
        containsString("is not valid UTF-8"));
    assertThat(problem(file("f.csv", "\n\n")), containsString("has no header row"));
  }

  @Test
  void fields_are_read_in_the_same_pass_from_every_format() throws Exception {
    String schema =
        "message m { required binary scene (STRING); optional int32 tokens; required binary id (STRING); }";
    Path parquet = folder.resolve("f.parquet");
    parquet(
        parquet,
        schema,
        3,
        (g, i) -> g.append("scene", "s" + i % 2).append("tokens", 10 * i).append("id", "id" + i));
    FileInfo[] files = {
      file(
          "f.jsonl",
          """
          {"scene": "s0", "tokens": 0, "id": "id0"}
          {"scene": "\\u0073\\u0031", "tokens": 10, "id": "id1"}
          {"scene": "s0", "tokens": 20.0, "id": "id2"}
          """),
      file("f.csv", "id,scene,tokens\nid0,s0,0\nid1,\"s1\",10\nid2,s0,20\n"),
      STORAGE.stat(parquet.toString()).orElseThrow()
    };
    List<List<Long>> identities = new ArrayList<>();
    for (FileInfo file : files) {
      InspectionSpec spec =
          new InspectionSpec(
              ShardFormat.named(file.path(), Optional.empty()).format().orElseThrow(),
              CsvOptions.DEFAULT,
              false,
              false,
              "scene",
              null,
              "tokens",
              "id");
      Inspection inspection = inspect(file, spec);
      assertThat(file.path(), inspection.groups(), hasSize(2));
      assertThat(inspection.groups().get(0).category(), is("s0"));
      assertThat(inspection.groups().get(0).records(), is(2L));
      assertThat(inspection.groups().get(0).units().compareTo(BigDecimal.valueOf(20)), is(0));
      identities.add(index(inspection, spec).stream().map(Row::identity).toList());
    }
    assertThat(identities.get(1), is(identities.get(0)));
    assertThat(identities.get(2), is(identities.get(0)));
  }

  @Test
  void a_field_that_is_missing_is_told_with_the_key_that_asks_for_it() throws Exception {
    InspectionSpec spec =
        new InspectionSpec(
            new ShardFormat(ShardFormat.Records.JSONL, ShardFormat.Compression.NONE),
            CsvOptions.DEFAULT,
            true,
            false,
            "scene",
            null,
            null,
            null);
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      many.append("{\"a\": ").append(i).append("}\n");
    }
    String message = problem(file("m.jsonl", many.toString()), spec);
    assertThat(
        message,
        containsString("record 0 at byte 0: has no value in the field \"scene\" (category_field)"));
    assertThat(message, containsString("; so it is with 49 more records"));
    StringBuilder differing = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      differing.append("{\"a\": ").append("1".repeat(i + 1)).append("x}\n");
    }
    String kinds = problem(file("k.jsonl", differing.toString()));
    assertThat(kinds.lines().count(), is(1L));
    assertThat(kinds, containsString("so it is with 49 more records"));
    InspectionSpec csv =
        new InspectionSpec(
            new ShardFormat(ShardFormat.Records.CSV, ShardFormat.Compression.NONE),
            CsvOptions.DEFAULT,
            true,
            false,
            "scene",
            null,
            null,
            null);
    assertThat(
        problem(file("m.csv", "a,b\n1,2\n"), csv), containsString("has no column \"scene\""));
  }

  private interface Filler {
    Group fill(Group group, int i);
  }

  private static void parquet(Path path, String schema, int rows, Filler filler)
      throws IOException {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    SimpleGroupFactory groups = new SimpleGroupFactory(type);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(type)
            .withRowGroupSize(4096L)
            .withPageSize(512)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withPageWriteChecksumEnabled(true)
            .withWriteMode(org.apache.parquet.hadoop.ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      for (int i = 0; i < rows; i++) {
        writer.write(filler.fill(groups.newGroup(), i));
      }
    }
  }

  @Test
  void a_parquet_rows_identity_is_its_values_not_its_columns_order_or_width() throws Exception {
    Path one = folder.resolve("one.parquet");
    Path two = folder.resolve("two.parquet");
    parquet(
        one,
        "message m { required int32 a; optional binary b (STRING); }",
        5_000,
        (g, i) -> i % 3 == 0 ? g.append("a", i) : g.append("a", i).append("b", "v" + i));
    parquet(
        two,
        "message other { optional binary b (STRING); required int64 a; }",
        5_000,
        (g, i) ->
            i % 3 == 0 ? g.append("a", (long) i) : g.append("b", "v" + i).append("a", (long) i));
    FileInfo first = STORAGE.stat(one.toString()).orElseThrow();
    FileInfo second = STORAGE.stat(two.toString()).orElseThrow();
    Inspection inspection = inspect(first);
    assertThat(inspection.records(), is(5_000L));
    assertThat(
        inspection.sha256(),
        is(
            HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(one)))));
    List<Long> identities =
        index(inspection, spec(first, true, false)).stream().map(Row::identity).toList();
    assertThat(
        index(inspect(second), spec(second, true, false)).stream().map(Row::identity).toList(),
        is(identities));
    assertThat(identities.stream().distinct().count(), is(5_000L));
  }

  @Test
  void bad_parquet_has_its_message() throws Exception {
    Path good = folder.resolve("good.parquet");
    parquet(
        good,
        "message m { required int32 a; required binary b; }",
        3_000,
        (g, i) -> g.append("a", i).append("b", "value " + i * 31));
    byte[] bytes = Files.readAllBytes(good);
    assertThat(
        problem(file("cut.parquet", Arrays.copyOf(bytes, bytes.length - 100))),
        containsString("its footer is missing"));
    assertThat(problem(file("text.parquet", "hello")), containsString("it has only 5 bytes"));
    byte[] damaged = bytes.clone();
    for (int i = 200; i < 260; i++) {
      damaged[i] ^= 0x5A;
    }
    assertThat(problem(file("damaged.parquet", damaged)), containsString("a page is damaged"));
    byte[] footer = bytes.clone();
    footer[footer.length - 8] = 1;
    footer[footer.length - 5] = 0x7F;
    assertThat(problem(file("footer.parquet", footer)), containsString("its footer would have"));
  }

  @Test
  void skipped_records_keep_their_numbers_and_are_kept_aside_with_their_reasons() throws Exception {
    FileInfo file = file("s.jsonl", "{\"a\": 1}\nbad\n{\"a\": 2}\n");
    InspectionSpec spec = spec(file, true, true);
    Inspection inspection = inspect(file, spec);
    assertThat(inspection.records(), is(2L));
    List<Row> rows = index(inspection, spec);
    assertThat(rows.get(1).group(), is(IndexReader.LEFT_OUT));
    assertThat(rows.get(2).record(), is(2));
    String kept = STORAGE.readText(workspace().rejected(inspection.sha256(), spec)).orElseThrow();
    assertThat(
        kept,
        containsString(
            "{\"record\":1,\"offset\":9,\"length\":3,\"reason\":\"is not a JSON object"));
    assertThat(kept, containsString("\"text\":\"bad\"}\n"));
  }

  @Test
  void the_ledger_knows_what_did_not_change_and_trusts_no_young_file() throws Exception {
    FileInfo file = file("l.jsonl", "{\"a\": 1}\n");
    InspectionSpec spec = spec(file, true, false);
    Inspection inspection = inspect(file, spec);
    Ledger.note(workspace(), file, spec, file.changedMillis() + 100, inspection);
    assertThat(Ledger.open(workspace()).find(file, spec).isPresent(), is(false));
    Ledger.note(workspace(), file, spec, file.changedMillis() + Ledger.YOUNG_MILLIS, inspection);
    assertThat(Ledger.open(workspace()).find(file, spec), is(Optional.of(inspection)));
    assertThat(
        Ledger.open(workspace()).find(file, spec(file, false, false)).isPresent(), is(false));
    FileInfo changed = file("l.jsonl", "{\"a\": 2}\n");
    assertThat(Ledger.open(workspace()).find(changed, spec).isPresent(), is(false));
    Files.delete(Path.of(workspace().index(inspection.sha256(), spec)));
    assertThat(Ledger.open(workspace()).find(file, spec).isPresent(), is(false));
  }

  @Test
  void what_was_found_without_bad_records_counts_whether_they_are_left_out_or_not()
      throws Exception {
    FileInfo good = file("good.jsonl", "{\"a\": 1}\n");
    InspectionSpec failing = spec(good, true, false);
    long later = good.changedMillis() + Ledger.YOUNG_MILLIS;
    Ledger.note(workspace(), good, failing, later, inspect(good, failing));
    assertThat(Ledger.open(workspace()).find(good, spec(good, true, true)).isPresent(), is(true));
    FileInfo bad = file("bad.jsonl", "{\"a\": 1}\nbad\n");
    InspectionSpec skipping = spec(bad, true, true);
    Ledger.note(workspace(), bad, skipping, later + 9_000, inspect(bad, skipping));
    assertThat(Ledger.open(workspace()).find(bad, skipping).isPresent(), is(true));
    assertThat(Ledger.open(workspace()).find(bad, spec(bad, true, false)).isPresent(), is(false));
  }

  @Test
  void no_note_is_lost_while_others_open_the_ledger() throws Exception {
    FileInfo file = file("n.jsonl", "{\"a\": 1}\n");
    InspectionSpec spec = spec(file, true, false);
    Inspection inspection = inspect(file, spec);
    AtomicBoolean done = new AtomicBoolean();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> openers = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      Thread opener =
          new Thread(
              () -> {
                while (!done.get()) {
                  try {
                    Ledger.open(workspace());
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
              });
      opener.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
      opener.start();
      openers.add(opener);
    }
    List<FileInfo> others = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      FileInfo other = new FileInfo(file.path() + i, 9, 0, 0, "tag" + i);
      Ledger.note(workspace(), other, spec, Ledger.YOUNG_MILLIS, inspection);
      others.add(other);
    }
    done.set(true);
    for (Thread opener : openers) {
      opener.join();
    }
    assertThat(failures, is(empty()));
    Ledger ledger = Ledger.open(workspace());
    for (FileInfo other : others) {
      assertThat(ledger.justInspected(other, spec).isPresent(), is(true));
    }
  }

  @Test
  void any_damage_to_a_parquet_file_is_a_problem_of_the_file_or_no_problem() throws Exception {
    Path good = folder.resolve("flip.parquet");
    parquet(
        good,
        "message m { required int32 a; required binary b; }",
        300,
        (g, i) -> g.append("a", i).append("b", "value " + i * 31));
    byte[] bytes = Files.readAllBytes(good);
    SplittableRandom random = new SplittableRandom(4);
    int bad = 0;
    for (int round = 0; round < 1_500; round++) {
      byte[] damaged = bytes.clone();
      // The footer, most often: lengths and places are there.
      int from = round % 3 == 0 ? 0 : bytes.length - 600;
      damaged[random.nextInt(from, bytes.length)] ^= (byte) (1 << random.nextInt(8));
      FileInfo file = file("flipped.parquet", damaged);
      try {
        inspect(file);
      } catch (BadShardException e) {
        bad++;
      }
    }
    assertThat(bad > 500, is(true));
  }
}
