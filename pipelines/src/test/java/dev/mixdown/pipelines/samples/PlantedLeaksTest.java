package dev.mixdown.pipelines.samples;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.ZstdOutputStream;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.leaks.LeakReport;
import dev.mixdown.pipelines.leaks.Leaks;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.content.ContentReader;
import dev.mixdown.transforms.content.ContentSpec;
import dev.mixdown.transforms.identities.SortedRecords;
import dev.mixdown.transforms.records.ShardFormat;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Held-out records planted among what is trained on, in every form that a record may have. */
class PlantedLeaksTest {
  private static final int NEAR_MISSES = 1_000_000;

  @TempDir Path folder;
  private Stages stages;

  @BeforeEach
  void stages() throws Exception {
    stages = new Stages(folder);
  }

  private LeakReport leaks(Optional<String> stage, List<String> against) throws Exception {
    ReleaseRepository repository = stages.settings.repository(folder.resolve("repo").toString());
    Leaks leaks =
        new Leaks(
            repository,
            RuleSources.of(stages.settings),
            stages.settings.workspace(),
            RunnerSettings.DIRECT,
            Progress.NONE);
    if (stage.isPresent()) {
      leaks.ofStage(repository.resolve(StageChoice.ofArm(stage.get())), against);
    } else {
      leaks.ofAll(against);
    }
    return leaks.report();
  }

  private void bytes(String name, byte[] bytes) throws Exception {
    Path file = folder.resolve("repo").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] zstd(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private void parquet(String name, int from, int to) throws Exception {
    MessageType type =
        MessageTypeParser.parseMessageType(
            "message m { optional double n; optional binary q (STRING); optional int32 none; }");
    Path file = folder.resolve("repo").resolve(name);
    Files.createDirectories(file.getParent());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(type)
            .build()) {
      for (int i = from; i < to; i++) {
        Group group = new SimpleGroupFactory(type).newGroup();
        group.add("n", (double) i);
        group.add("q", "question " + i);
        writer.write(group);
      }
    }
  }

  private static String line(int i) {
    return "{\"q\": \"question %d\", \"n\": %d}\n".formatted(i, i);
  }

  /** Records that each differ from a held-out one in something small. */
  private static String nearMisses() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < NEAR_MISSES; i++) {
      int of = i % 1000;
      switch (i % 5) {
        case 0 ->
            lines.append("{\"q\": \"question %d \", \"n\": %d}\n".formatted(of, of + 1000 * i));
        case 1 -> lines.append("{\"q\": \"question %d\", \"n\": %d}\n".formatted(of, 1000 + i));
        case 2 -> lines.append("{\"q\": \"question %d\", \"m\": %d}\n".formatted(of, i));
        case 3 -> lines.append("{\"q\": \"Question %d\", \"n\": %d.%d}\n".formatted(of, of, i));
        default -> lines.append("{\"q\": [\"question %d\"], \"n\": %d}\n".formatted(of, i));
      }
    }
    return lines.toString();
  }

  @Test
  void all_are_found_in_every_form_and_none_is_invented_among_a_million_near_misses()
      throws Exception {
    StringBuilder held = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      held.append(line(i));
    }
    stages.write("held/test.jsonl", held.toString());
    stages.write("data/near/near.jsonl", nearMisses());
    String other = "{\"q\": \"nothing of it\", \"n\": -%d}\n";
    stages.write("data/a/equal.jsonl", other.formatted(1) + line(3));
    stages.write(
        "data/a/space.jsonl", "{  \"q\" :\t\"question 17\",\"n\":17 }\n" + other.formatted(2));
    stages.write("data/a/keys.jsonl", "{\"n\": 40, \"q\": \"question 40\"}\n");
    stages.write("data/a/numbers.jsonl", "{\"q\": \"question 50\", \"n\": 5.0e1, \"x\": null}\n");
    bytes("data/b/packed.jsonl.gz", gzip(other.formatted(3) + other.formatted(4) + line(60)));
    bytes("data/b/packed.jsonl.zst", zstd(line(70) + other.formatted(5)));
    stages.write("data/c/table.csv", "n,q\n-6,nothing\n80.0,question 80\n");
    parquet("data/d/table.parquet", 995, 1005);
    stages.stage(
        "first",
        "\"shuffle_block\": 8",
        String.join(
            ", ",
            Stages.entry("near", "1", ""),
            Stages.entry("a", "1", ""),
            Stages.entry("b", "1", ""),
            Stages.entry("c", "1", ""),
            Stages.entry("d", "1", "")));
    stages.write("data/e/other.jsonl", line(2000) + line(999));
    stages.stage("second", "\"shuffle_block\": 8", Stages.entry("e", "1", ""));
    Set<String> found = new TreeSet<>();
    LeakReport report =
        leaks(Optional.empty(), List.of(folder.resolve("repo/held/test.jsonl").toString()));
    for (LeakReport.Leak leak : report.leaks()) {
      assertThat(leak.text(), leak.confirmed(), is(true));
      found.add(
          leak.subject()
              + " "
              + StoragePath.name(leak.uri())
              + " "
              + leak.record()
              + " says "
              + leak.otherRecord());
    }
    Set<String> planted =
        new TreeSet<>(
            List.of(
                "first equal.jsonl 1 says 3",
                "first space.jsonl 0 says 17",
                "first keys.jsonl 0 says 40",
                "first numbers.jsonl 0 says 50",
                "first packed.jsonl.gz 2 says 60",
                "first packed.jsonl.zst 0 says 70",
                "first table.csv 1 says 80",
                "second other.jsonl 1 says 999"));
    for (int i = 995; i < 1000; i++) {
      planted.add("first table.parquet %d says %d".formatted(i - 995, i));
    }
    assertThat(found, is(planted));
    assertThat(report.count(), is(planted.size()));
  }

  @Test
  void a_forced_collision_of_identities_is_no_leak_and_unconfirmed_where_it_cannot_be_read()
      throws Exception {
    stages.write("held/test.jsonl", line(1) + line(2));
    stages.write("data/a/train.jsonl", line(11) + line(12) + line(13));
    stages.stage("train", "\"shuffle_block\": 8", Stages.entry("a", "1", ""));
    stages.prepare("train");
    List<String> against = List.of(folder.resolve("repo/held/test.jsonl").toString());
    assertThat(leaks(Optional.of("train"), against).leaks(), is(empty()));
    // As if the hash of record 1 were that of the held-out record 0.
    ContentReader reader = new ContentReader(spec());
    Path train = contentOf(3);
    SortedRecords forged = new SortedRecords(stages.storage, List.of(train.toString()));
    forged.add(0, reader.identity(line(11).strip().getBytes(StandardCharsets.UTF_8)));
    forged.add(1, reader.identity(line(1).strip().getBytes(StandardCharsets.UTF_8)));
    forged.finish();
    forgetMatches();
    assertThat(leaks(Optional.of("train"), against).leaks(), is(empty()));
    Files.move(folder.resolve("repo/held/test.jsonl"), folder.resolve("moved"));
    Files.write(
        folder.resolve("repo/held/test.jsonl"), Files.readAllBytes(folder.resolve("moved")));
    Files.move(folder.resolve("repo/data/a/train.jsonl"), folder.resolve("gone"));
    stages.write("data/a/another.jsonl", line(14));
    List<LeakReport.Leak> leaks = leaks(Optional.of("train"), against).leaks();
    assertThat(leaks.size(), is(1));
    assertThat(leaks.get(0).confirmed(), is(false));
    assertThat(
        leaks.get(0).text(), containsString("unconfirmed: a shard cannot be read as it was"));
  }

  private static ContentSpec spec() {
    return new ContentSpec(
        new ShardFormat(ShardFormat.Records.JSONL, ShardFormat.Compression.NONE),
        dev.mixdown.configs.datasets.DatasetEntry.CsvOptions.DEFAULT,
        List.of(),
        false);
  }

  /** The content file with so many records. */
  private Path contentOf(long records) throws Exception {
    for (Path file : contentFiles(".content-0")) {
      try (var runs =
          new dev.mixdown.transforms.identities.RunsReader(stages.storage, file.toString())) {
        if (runs.identities() == records) {
          return file;
        }
      }
    }
    throw new AssertionError("no content file has " + records + " records");
  }

  private List<Path> contentFiles(String part) throws Exception {
    try (Stream<Path> files =
        Files.walk(Path.of(stages.settings.workspace().folder()).resolve("content"))) {
      return new ArrayList<>(files.filter(f -> f.toString().contains(part)).toList());
    }
  }

  private void forgetMatches() throws Exception {
    for (Path file : contentFiles("matches-")) {
      Files.delete(file);
    }
  }

  @Test
  void where_identities_come_from_a_field_that_field_tells_leaks_too() throws Exception {
    stages.write(
        "held/test.jsonl",
        "{\"id\": 7, \"t\": \"another text\"}\n{\"t\": \"no id\"}\n{\"id\": 8, \"t\": \"same\"}\n");
    stages.write(
        "data/a/train.jsonl",
        "{\"id\": \"7\", \"t\": \"a text\"}\n{\"id\": 8, \"t\": \"same\"}\n{\"id\": 9, \"t\": \"x\"}\n");
    stages.stage(
        "train",
        "\"identity_field\": \"id\"",
        Stages.entry("a", "1", ""),
        ", \"validation_dataset\": {\"datasets\": [{\"name\": \"v\", \"obs_path\": \"held/test.jsonl\"}]}");
    DataException refused = assertThrows(DataException.class, () -> stages.prepare("train"));
    assertThat(
        refused.getMessage(),
        containsString("record 0: is held out: it has the identity field of"));
    assertThat(
        refused.getMessage(), containsString("record 1: is held out: it says what record 2"));
    assertThat(refused.getMessage(), containsString("2 records are held out in all"));
    List<LeakReport.Leak> leaks = leaks(Optional.of("train"), List.of()).leaks();
    assertThat(leaks.stream().map(LeakReport.Leak::byField).toList(), contains(false, true));
  }
}
