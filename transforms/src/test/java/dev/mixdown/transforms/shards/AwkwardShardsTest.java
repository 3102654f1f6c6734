package dev.mixdown.transforms.shards;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.ZstdOutputStream;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.Bound;
import dev.mixdown.transforms.bytes.JsonText;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.index.SealedText;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordFilter;
import dev.mixdown.transforms.records.ShardFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Valid files that are awkward are read; files that only look valid are refused. */
class AwkwardShardsTest {
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

  private static InspectionSpec spec(FileInfo file, RecordFilter filter, boolean full) {
    return new InspectionSpec(
        ShardFormat.named(file.path(), Optional.empty()).format().orElseThrow(),
        CsvOptions.DEFAULT,
        full,
        false,
        null,
        null,
        null,
        null,
        filter);
  }

  private Inspection inspect(FileInfo file, RecordFilter filter) throws Exception {
    return new ShardInspector(new Workspace(STORAGE, folder + "/workspace"), ReadCounter.unseen())
        .inspect(file, spec(file, filter, true));
  }

  private String problem(FileInfo file, boolean full) {
    return assertThrows(
            BadShardException.class,
            () ->
                new ShardInspector(
                        new Workspace(STORAGE, folder + "/workspace"), ReadCounter.unseen())
                    .inspect(file, spec(file, RecordFilter.NONE, full)))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "clips.jsonl.shrink, jsonl",
    "x.jsonl.v2, jsonl",
    "x.jsonl.gz, jsonl.gz",
    "x.csv.shrink.zst, csv.zst",
    "report.csv.jsonl, jsonl",
    "a.parquet, parquet",
    "notes.txt, none",
    "jsonl, none",
    "x.jsonl.zst.gz, is compressed twice by its name (Zstandard in gzip); decompress it once",
    "x.parquet.gz, 'is Parquet inside gzip by its name, which cannot be read; decompress it'",
  })
  void a_format_is_that_of_the_last_ending_that_names_one(String name, String format) {
    ShardFormat.Named named = ShardFormat.named("/data.csv/" + name, Optional.empty());
    assertThat(
        named.problem().or(() -> named.format().map(ShardFormat::toString)).orElse("none"),
        is(format));
  }

  @Test
  void text_in_another_encoding_is_refused_with_the_encodings_name() throws Exception {
    String csv = "\uFEFFa,b\n1,2\n";
    for (String charset : new String[] {"UTF-16LE", "UTF-16BE"}) {
      FileInfo file = file(charset + ".csv", csv.getBytes(Charset.forName(charset)));
      for (boolean full : new boolean[] {true, false}) {
        assertThat(problem(file, full), containsString("its byte order mark says UTF-16 ("));
      }
    }
    FileInfo bare = file("bare.csv", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE));
    assertThat(problem(bare, false), containsString("every second byte is zero"));
  }

  @Test
  void a_header_row_is_checked_like_every_row() throws Exception {
    assertThat(
        problem(file("stray.csv", "\"a\"x,b\n1,2\n"), true),
        containsString("has a damaged header row: the row has text after a closing quote"));
    byte[] invalid = "a,b?\n1,2\n".getBytes(StandardCharsets.UTF_8);
    invalid[3] = (byte) 0xFF;
    assertThat(
        problem(file("utf8.csv", invalid), false),
        containsString("has a damaged header row: the row is not valid UTF-8: byte 0xFF"));
    assertThat(
        problem(file("open.csv", "\"a,b\n1,2\n"), true), containsString("in the header row"));
  }

  @Test
  void a_git_lfs_pointer_says_what_to_run() throws Exception {
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    for (String name : new String[] {"p.csv", "p.jsonl", "p.parquet", "p.jsonl.gz"}) {
      assertThat(problem(file(name, pointer), false), containsString("run git lfs pull"));
    }
  }

  @Test
  void zeros_behind_a_gzip_member_are_padding_and_anything_else_is_not() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int member = 0; member < 2; member++) {
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write("{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8));
      }
      bytes.write(new byte[100_000]);
    }
    assertThat(
        inspect(file("p.jsonl.gz", bytes.toByteArray()), RecordFilter.NONE).records(), is(2L));
    bytes.write('x');
    assertThat(
        problem(file("q.jsonl.gz", bytes.toByteArray()), true),
        containsString("has damaged gzip data (what stands behind its end is not gzip data)"));
  }

  @Test
  void zstandard_with_a_long_window_is_read() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes).setLong(30)) {
      out.write("{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(
        inspect(file("l.jsonl.zst", bytes.toByteArray()), RecordFilter.NONE).records(), is(1L));
  }

  @Test
  void a_filter_leaves_good_records_out_and_counts_them_by_rule() throws Exception {
    RecordFilter filter =
        new RecordFilter("q", new BigDecimal("0.7"), "s", BigDecimal.valueOf(2), BigDecimal.TEN);
    String lines =
        """
        {"q": 0.70, "s": 2}
        {"q": 0.6999999999999999999999, "s": 3}
        {"q": 7e-1, "s": 1.99}
        {"q": 1, "s": 10.01}
        {"q": 0.9, "s": 1e1}
        """;
    Inspection inspection = inspect(file("f.jsonl", lines), filter);
    assertThat(inspection.records(), is(2L));
    assertThat(inspection.stored(), is(5L));
    assertThat(
        inspection.filtered(),
        is(Map.of("quality_threshold", 1L, "min_duration", 1L, "max_duration", 1L)));
    FileInfo without = file("g.jsonl", "{\"q\": 1}\n");
    String message =
        assertThrows(BadShardException.class, () -> inspect(without, filter)).getMessage();
    assertThat(message, containsString("has no value in the field \"s\" (duration_field)"));
  }

  @Test
  void a_bound_compares_as_exact_decimals_do() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      BigDecimal bound = BigDecimal.valueOf(random.nextLong(-999, 999), random.nextInt(4));
      BigDecimal value = BigDecimal.valueOf(random.nextLong(-99_999, 99_999), random.nextInt(6));
      byte[] text = value.toPlainString().getBytes(StandardCharsets.US_ASCII);
      assertThat(new Bound(bound).isAbove(text, 0, text.length), is(value.compareTo(bound) < 0));
      assertThat(new Bound(bound).isBelow(text, 0, text.length), is(value.compareTo(bound) > 0));
    }
  }

  @Test
  void half_a_surrogate_pair_is_no_question_mark() {
    byte[] half = "\"\\ud83d\"".getBytes(StandardCharsets.US_ASCII);
    assertThat(
        JsonText.decode(half, 0, half.length),
        is(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0xBD}));
    byte[] whole = "\"\\ud83d\\ude00\"".getBytes(StandardCharsets.US_ASCII);
    assertThat(JsonText.decode(whole, 0, whole.length), is("😀".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void one_flipped_bit_anywhere_in_an_index_is_noticed() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append("{\"a\": ").append(i).append("}\n");
    }
    FileInfo file = file("i.jsonl", lines.toString());
    InspectionSpec spec = spec(file, RecordFilter.NONE, true);
    Inspection inspection = inspect(file, RecordFilter.NONE);
    Path index =
        Path.of(new Workspace(STORAGE, folder + "/workspace").index(inspection.sha256(), spec));
    byte[] sound = Files.readAllBytes(index);
    assertThat(IndexReader.isSound(STORAGE, index.toString()), is(true));
    for (int i = 0; i < sound.length; i++) {
      byte[] damaged = sound.clone();
      damaged[i] ^= (byte) (1 << (i % 8));
      Files.write(index, damaged);
      assertThat("byte " + i, IndexReader.isSound(STORAGE, index.toString()), is(false));
    }
    for (int length = 0; length < sound.length; length += 7) {
      Files.write(index, java.util.Arrays.copyOf(sound, length));
      assertThat("length " + length, IndexReader.isSound(STORAGE, index.toString()), is(false));
    }
  }

  @Test
  void a_changed_line_of_the_ledger_is_not_believed() {
    String sealed = SealedText.seal("{\"records\":100}");
    assertThat(SealedText.open(sealed), is(Optional.of("{\"records\":100}")));
    assertThat(SealedText.open(sealed.replace("100", "900")), is(Optional.empty()));
    assertThat(SealedText.open("{\"records\":100}"), is(Optional.empty()));
    assertThat(sealed, not(containsString("\n")));
  }
}
