package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.PartReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real datasets in one release, counted independently, on both runners, moved and cut anew. */
class RealDataTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void data() {
    data = TestFiles.realData();
  }

  private void config(Path repo, String t0, boolean reversed) throws Exception {
    List<String> entries =
        new ArrayList<>(
            List.of(
                entry("gsm8k_train", data + "/gsm8k/train.jsonl", 2, 0.3),
                entry("gsm8k_test", data + "/gsm8k/test.jsonl", 1, 0.1),
                entry("humaneval", data + "/humaneval/HumanEval.jsonl.gz", 3, 0.1),
                entry("alpaca_seeds", data + "/alpaca/seed_tasks.jsonl", 4, 0.1),
                entry("t0", t0, 2, 0.2),
                entry("customers_parquet", data + "/parquet/delta_byte_array.parquet", 1.5, 0.1),
                entry("customers_csv", data + "/csv/delta_byte_array_expect.csv", 1.5, 0.1)));
    if (reversed) {
      java.util.Collections.reverse(entries);
    }
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "real", "stage_config": {"sampling_strategy": "balanced", "seed": 11,
           "shuffle_block": 64, "rows_per_part": 512, "augmentation": {"enabled": true}}},
         "dataset_index": [%s]}
        """
            .formatted(String.join(",\n", entries)));
  }

  private static String entry(String name, String path, double duplicate, double weight) {
    return "{\"name\": \"%s\", \"obs_path\": \"%s\", \"duplicate\": %s, \"stage_weight\": %s}"
        .formatted(name, path, duplicate, weight);
  }

  private Path prepare(Path repo, String out, String... more) throws Exception {
    List<Object> args =
        new ArrayList<>(List.of("prepare", "--repo", repo, "--output", folder.resolve(out)));
    args.addAll(List.of(more));
    // A workspace each: nothing is taken over from another run.
    Cli.Result result = new Cli(folder.resolve("workspace-" + out)).run(args.toArray());
    assertThat(result.err(), result.code(), is(0));
    return TestFiles.current(folder.resolve(out).resolve("real"));
  }

  /** Datasets, records' numbers without shards, passes and seeds: what a trainer would see. */
  private static List<String> order(Path manifest) throws Exception {
    List<String> order = new ArrayList<>();
    for (String part : TestFiles.parts(manifest).keySet()) {
      PartReader.read(
          STORAGE,
          manifest.resolve(part).toString(),
          s ->
              order.add(s.dataset() + " " + s.identity() + " " + s.pass() + " " + s.augmentSeed()));
    }
    return order;
  }

  @Test
  void counts_are_those_of_independent_tools_and_fingerprints_those_of_sha256sum()
      throws Exception {
    Map<String, String> counters = new LinkedHashMap<>();
    counters.put("gsm8k/train.jsonl", "grep -c . ");
    counters.put("gsm8k/test.jsonl", "grep -c . ");
    counters.put("alpaca/seed_tasks.jsonl", "grep -c . ");
    counters.put("humaneval/HumanEval.jsonl.gz", "zcat < ");
    try (Stream<Path> files = Files.list(data.resolve("t0"))) {
      files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".jsonl"))
          .forEach(f -> counters.put("t0/" + f, "grep -c . "));
    }
    String csvCount =
        "python3 -c \"import csv,sys; print(sum(1 for r in csv.reader(open(sys.argv[1], newline='',"
            + " encoding='utf-8')) if r) - 1)\" ";
    counters.put("csv/delta_byte_array_expect.csv", csvCount);
    try (Stream<Path> files = Files.list(data.resolve("csv/spectrum"))) {
      files.forEach(f -> counters.put("csv/spectrum/" + f.getFileName(), csvCount));
    }
    List<Object> args = new ArrayList<>(List.of("inspect", "--json"));
    counters.keySet().forEach(f -> args.add(data.resolve(f)));
    Cli.Result result = new Cli(folder.resolve("ws")).run(args.toArray());
    assertThat(result.err(), result.code(), is(0));
    int i = 0;
    for (Map.Entry<String, String> counter : counters.entrySet()) {
      JsonNode file = result.json().get("files").get(i++);
      Path path = data.resolve(counter.getKey());
      String command =
          counter.getValue().startsWith("zcat")
              ? "zcat < " + path + " | grep -c ."
              : counter.getValue() + path;
      String count = TestFiles.program("sh", "-c", command).strip();
      assertThat(path.toString(), file.get("records").asText(), is(count));
      String sha = TestFiles.program("sha256sum", path.toString()).substring(0, 64);
      assertThat(file.get("sha256").asText(), is(sha));
    }
  }

  @Test
  void every_parquet_file_has_the_rows_that_its_footer_says() throws Exception {
    Cli.Result result =
        new Cli(folder.resolve("ws")).run("inspect", data.resolve("parquet"), "--json");
    assertThat(result.err(), result.code(), is(0));
    int files = 0;
    for (JsonNode file : result.json().get("files")) {
      var input = new org.apache.parquet.io.LocalInputFile(Path.of(file.get("path").asText()));
      try (var reader = org.apache.parquet.hadoop.ParquetFileReader.open(input)) {
        assertThat(file.get("records").asLong(), is(reader.getRecordCount()));
      }
      files++;
    }
    assertThat(files, is(6));
  }

  @Test
  void the_parts_are_the_same_bytes_on_every_runner_in_any_order_and_anywhere() throws Exception {
    Path repo = folder.resolve("repo");
    config(repo, data + "/t0/", false);
    Path manifest = prepare(repo, "direct1", "--parallelism", "1");
    Map<String, String> parts = TestFiles.parts(manifest);
    assertThat(parts.size(), greaterThan(3));
    assertThat(Cli.plain("verify", manifest.toString(), "--deep").code(), is(0));
    assertThat(TestFiles.parts(prepare(repo, "direct2", "--parallelism", "2")), is(parts));
    assertThat(
        TestFiles.parts(prepare(repo, "flink1", "--runner", "flink", "--parallelism", "1")),
        is(parts));
    assertThat(
        TestFiles.parts(prepare(repo, "flink2", "--runner", "flink", "--parallelism", "2")),
        is(parts));

    // Listed in another order. Datasets in another order are another spec, with the same parts.
    config(repo, data + "/t0/", true);
    assertThat(TestFiles.parts(prepare(repo, "reversed")), is(parts));

    // Renamed and moved: their order by name is turned around.
    Path moved = folder.resolve("moved/t0");
    Files.createDirectories(moved);
    List<Path> shards;
    try (Stream<Path> files = Files.list(data.resolve("t0"))) {
      shards = files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
    }
    assertThat(shards.size(), is(12));
    for (int i = 0; i < shards.size(); i++) {
      Files.copy(shards.get(i), moved.resolve("z%02d.jsonl".formatted(99 - i)));
    }
    config(repo, moved + "/", false);
    Path movedManifest = prepare(repo, "moved-out");
    assertThat(movedManifest.getFileName(), is(manifest.getFileName()));
    assertThat(TestFiles.parts(movedManifest), is(parts));

    // Cut into 5 and 40 files: other shards, the same records in the same order.
    List<String> order = order(manifest);
    for (int into : new int[] {5, 40}) {
      List<String> lines = new ArrayList<>();
      for (Path shard : shards) {
        lines.addAll(Files.readAllLines(shard));
      }
      Path cut = folder.resolve("cut" + into);
      for (int i = 0; i < into; i++) {
        List<String> some = lines.subList(lines.size() * i / into, lines.size() * (i + 1) / into);
        TestFiles.write(cut.resolve("c" + i + ".jsonl"), String.join("\n", some) + "\n");
      }
      config(repo, cut + "/", false);
      Path cutManifest = prepare(repo, "cut-out" + into);
      assertThat(cutManifest.getFileName(), not(manifest.getFileName()));
      assertThat(order(cutManifest), is(order));
    }
  }
}
