package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad data and bad configs: all of a run's at once, each with its message, nothing published. */
class BadInputTest {
  @TempDir Path folder;
  private Path repo;
  private Path out;

  @BeforeEach
  void folders() {
    repo = folder.resolve("repo");
    out = folder.resolve("out");
  }

  private Cli.Result prepare(String... more) {
    List<Object> args = new ArrayList<>(List.of("prepare", "--repo", repo, "--output", out));
    args.addAll(List.of(more));
    return new Cli(folder.resolve("workspace")).run(args.toArray());
  }

  private void index(Map<String, String> datasets, String stageConfig) throws Exception {
    List<String> entries = new ArrayList<>();
    datasets.forEach(
        (name, path) ->
            entries.add("{\"name\": \"%s\", \"obs_path\": \"%s\"}".formatted(name, path)));
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        "{\"meta\": {\"stage_config\": {%s}}, \"dataset_index\": [%s]}"
            .formatted(stageConfig, String.join(", ", entries)));
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void every_bad_shard_of_a_run_is_told_at_once_and_nothing_is_published() throws Exception {
    byte[] parquet =
        Files.readAllBytes(TestFiles.demo().resolve("data/urban_scenarios_base.parquet"));
    byte[] damaged = parquet.clone();
    Arrays.fill(damaged, 300, 700, (byte) 0x77);
    byte[] whole = gzip(TestFiles.lines("g", 20_000));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("cut.jsonl", "{\"a\": 1}\n{\"a\": ".getBytes(StandardCharsets.UTF_8));
    files.put("list.jsonl", "[1, 2]\n".getBytes(StandardCharsets.UTF_8));
    files.put("latin1.jsonl", "{\"a\": \"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    files.put("quote.csv", "a,b\n1,\"2\n3,4\n".getBytes(StandardCharsets.UTF_8));
    files.put("wide.csv", "a,b\n1,2,3\n".getBytes(StandardCharsets.UTF_8));
    files.put("cut.jsonl.gz", Arrays.copyOf(whole, whole.length - 50));
    files.put("none.jsonl.gz", "{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8));
    files.put("nofooter.parquet", Arrays.copyOf(parquet, parquet.length - 9));
    files.put("damaged.parquet", damaged);
    files.put("empty.jsonl", new byte[0]);
    Map<String, String> datasets = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      TestFiles.write(repo.resolve(file.getKey()), file.getValue());
      datasets.put(file.getKey(), file.getKey());
    }
    index(datasets, "");
    Cli.Result result = prepare();
    assertThat(result.code(), is(3));
    assertThat(
        result.err(),
        containsString("the data cannot be used, 10 problems; nothing was published"));
    for (String message :
        List.of(
            "/cut.jsonl: record 1 at byte 9: is cut short: its JSON object does not end",
            "/list.jsonl: record 0 at byte 0: is not a JSON object: it begins with '['",
            "/latin1.jsonl: record 0 at byte 0: is not valid UTF-8: byte 0xE9",
            "/quote.csv: a quote is never closed: it opens at byte 6, in record 0",
            "/wide.csv: record 0 at byte 4: has 3 fields, the header has 2",
            "/cut.jsonl.gz: is cut short: its gzip data does not end",
            "/none.jsonl.gz: is not a gzip file, though its name says so",
            "/nofooter.parquet: is not a whole Parquet file: its footer is missing",
            "/damaged.parquet: cannot be read from row 0 of row group 0 on: a page is damaged",
            "/empty.jsonl: is empty: it has no bytes at all")) {
      assertThat(result.err(), containsString(message));
    }
    assertThat(TestFiles.published(out), is(empty()));
    assertThat(prepare("--json").json().get("errors").size(), is(10));
  }

  @Test
  void paths_that_match_nothing_or_twice_are_told_at_once() throws Exception {
    TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 5));
    TestFiles.write(repo.resolve("notes.txt"), "no data");
    Map<String, String> datasets = new LinkedHashMap<>();
    datasets.put("one", "a.jsonl");
    datasets.put("two", "*.jsonl");
    datasets.put("three", "missing*.jsonl");
    datasets.put("four", "notes.txt");
    datasets.put("five", "gs://bucket/x.jsonl");
    TestFiles.write(repo.resolve("cut.jsonl"), "{\"a\"");
    index(datasets, "");
    Cli.Result result = prepare();
    assertThat(result.code(), is(3));
    assertThat(result.err(), containsString("cut.jsonl: record 0 at byte 0: is cut short"));
    assertThat(result.err(), containsString("a.jsonl: belongs to dataset \"one\" too"));
    assertThat(result.err(), containsString("missing*.jsonl: matches no file"));
    assertThat(result.err(), containsString("notes.txt: has a name that does not tell its format"));
    assertThat(
        result.err(),
        containsString(
            "gs://bucket/x.jsonl: is in no store that can be opened: gs:// paths cannot be opened; these can: local paths, obs://, s3://"));
  }

  @Test
  void the_same_content_twice_in_one_dataset_or_in_two_is_refused() throws Exception {
    TestFiles.write(repo.resolve("a/1.jsonl"), TestFiles.lines("a", 5));
    TestFiles.write(repo.resolve("a/2.jsonl"), TestFiles.lines("a", 5));
    TestFiles.write(repo.resolve("b.jsonl"), TestFiles.lines("a", 5));
    Map<String, String> datasets = new LinkedHashMap<>();
    datasets.put("a", "a/");
    datasets.put("b", "b.jsonl");
    index(datasets, "");
    Cli.Result result = prepare();
    assertThat(result.code(), is(3));
    assertThat(result.err(), containsString("2 problems"));
    assertThat(result.err(), containsString("a/2.jsonl: has the same content as"));
    assertThat(result.err(), containsString("in dataset \"b\" it would count twice"));
  }

  @Test
  void a_missing_field_is_told_with_the_key_that_asks_for_it() throws Exception {
    TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 5));
    index(Map.of("a", "a.jsonl"), "\"category_field\": \"scene\"");
    Cli.Result result = prepare();
    assertThat(result.code(), is(3));
    assertThat(
        result.err(), containsString("has no value in the field \"scene\" (category_field)"));
    assertThat(result.err(), containsString("so it is with 4 more records"));
    assertThat(prepare("--json").json().get("errors").get(0).get("more").longValue(), is(4L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"dataset_index\": [{\"name\": \"a\", \"obs_pth\": \"a.jsonl\"}]} | unknown key \"obs_pth\"; did you mean \"obs_path\"?",
        "{\"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"a.jsonl\", \"stage_weight\": -1}]} | it may not be below 0",
        "{\"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"a.jsonl\", \"stage_weight\": \"1\"}]} | a number is expected, without quotes",
        "{\"meta\": {\"stage_config\": {\"sampling_strategy\": \"magic\"}}, \"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"a.jsonl\"}]} | it has to be one of balanced",
        "{\"dataset_index\": [{\"name\": \"a\", \"name\": \"b\", \"obs_path\": \"a.jsonl\"}]} | is here a second time",
        "{\"meta\": {\"stage_config\": {\"total_clips\": 100}}, \"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"a.jsonl\"}]} | set duplicate of \"a\" to 20",
      })
  void a_bad_config_ends_with_2_and_its_message(String config, String message) throws Exception {
    TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 5));
    TestFiles.write(repo.resolve("training_dataset.json"), config);
    Cli.Result result = prepare();
    assertThat(result.code(), is(2));
    assertThat(result.err(), containsString(message));
    assertThat(result.err(), containsString("nothing was published"));
    assertThat(TestFiles.published(out), is(empty()));
  }

  @Test
  void bad_usage_ends_with_2() {
    assertThat(Cli.plain().code(), is(2));
    assertThat(Cli.plain("prepare").code(), is(2));
    assertThat(Cli.plain("prepair").err(), containsString("prepare"));
    assertThat(prepare("--epoch", "-1").code(), is(2));
    assertThat(prepare("--check", "never").code(), is(2));
    Cli.Result option = prepare("--", "--nonsense=1");
    assertThat(option.code(), is(2));
    assertThat(option.err(), containsString("Beam's options:"));
    out = TestFiles.root().resolve("pom.xml/out");
    assertThat(prepare().err(), containsString("nothing can be written there"));
    out = Path.of("s3://bucket/out");
    assertThat(prepare().code(), is(2));
  }

  @Test
  void a_folder_that_is_no_release_repository_is_told() throws Exception {
    Files.createDirectories(repo);
    Cli.Result result = prepare();
    assertThat(result.code(), is(2));
    assertThat(result.err(), containsString("this is not a release repository"));
  }
}
