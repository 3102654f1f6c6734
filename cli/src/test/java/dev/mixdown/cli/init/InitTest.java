package dev.mixdown.cli.init;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code init}. */
class InitTest {
  @TempDir Path folder;

  private Path repo() {
    return folder.resolve("repo");
  }

  private Cli.Result init(Object... arguments) {
    List<String> all = new ArrayList<>(List.of("init", repo().toString()));
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    return Cli.plain(all.toArray(String[]::new));
  }

  /** The repository is good, without a warning, and can be prepared. */
  private JsonNode prepared() {
    Cli.Result valid =
        Cli.plain("stage", "validate-config", "--repo", repo().toString(), "--strict");
    assertThat(valid.out() + valid.err(), valid.code(), is(0));
    Cli.Result result =
        new Cli(folder.resolve("w"))
            .run("prepare", "--repo", repo(), "--output", folder.resolve("out"), "--json");
    assertThat(result.err(), result.code(), is(0));
    return result.json();
  }

  private static String chats(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("{\"id\": %d, \"lang\": \"%s\"}\n".formatted(i, i % 3 == 0 ? "de" : "en"));
    }
    return lines.toString();
  }

  private static byte[] zipped(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void data_of_every_format_makes_a_repository_that_prepares_at_once() throws Exception {
    Path data = folder.resolve("data");
    TestFiles.write(data.resolve("chat.jsonl"), chats(30));
    TestFiles.write(data.resolve("big.jsonl.gz"), zipped(chats(5000)));
    TestFiles.write(data.resolve("rows.csv"), "name;lang\na;en\nb;de\n");
    TestFiles.copy(TestFiles.demo().resolve("data"), folder.resolve("demo"));
    Cli.Result result =
        init(
            "--data",
            data.resolve("chat.jsonl"),
            data.resolve("big.jsonl.gz"),
            data.resolve("rows.csv"),
            folder.resolve("demo/urban_scenarios_base.parquet"),
            "--json");
    assertThat(result.err(), result.code(), is(0));
    JsonNode datasets = result.json().get("datasets");
    assertThat(
        datasets.findValuesAsText("dataset").toString(),
        is("[chat, big, rows, urban_scenarios_base]"));
    assertThat(datasets.findValuesAsText("exact").toString(), is("[true, false, true, true]"));
    assertThat(datasets.get(0).get("records").asInt(), is(30));
    assertThat(datasets.get(1).get("records").asDouble(), closeTo(5000, 250));
    assertThat(datasets.get(2).get("records").asInt(), is(2));
    assertThat(datasets.get(3).get("records").asInt(), is(800));
    assertThat(
        datasets.get(2).get("fields").findValuesAsText("name").toString(), is("[name, lang]"));
    // Two records are the scarcest: of ten samples, each dataset gives two or three.
    assertThat(prepared().get("samples").asInt(), is(10));
  }

  @Test
  void fields_that_could_be_categories_are_named_and_used_as_the_note_says() throws Exception {
    Path data = TestFiles.write(folder.resolve("chat.jsonl"), chats(30));
    String out = init("--data", data).out();
    assertThat(out, containsString("chat: could be categories: lang"));
    Path config = repo().resolve("stages/pretraining.json");
    String text = Files.readString(config);
    assertThat(
        text,
        containsString(
            """
            say \\"category_field\\": \\"lang\\", and as data_ratio for example {\\"en\\": 1, \\"de\\": 1}\
            """));
    Files.writeString(
        config,
        text.replace(
            "\"x_total_clips\"",
            """
            "category_field": "lang", "data_ratio": {"en": 0.5, "de": 0.5}, "x_total_clips"\
            """));
    assertThat(prepared().get("samples").asInt(), is(20));
  }

  @Test
  void a_folder_of_folders_gives_a_dataset_for_each_and_paths_inside_are_relative()
      throws Exception {
    TestFiles.write(repo().resolve("data/a/1.jsonl"), chats(4));
    TestFiles.write(repo().resolve("data/a/deep/2.jsonl"), chats(5));
    TestFiles.write(repo().resolve("data/b/1.jsonl"), chats(6));
    JsonNode datasets = init("--data", repo().resolve("data"), "--json").json().get("datasets");
    assertThat(datasets.findValuesAsText("path").toString(), is("[data/a/, data/b/]"));
    assertThat(datasets.findValuesAsText("shards").toString(), is("[2, 1]"));
    assertThat(prepared().get("samples").asInt(), is(13));
  }

  @Test
  void files_that_are_there_are_never_written_over() throws Exception {
    Path data = TestFiles.write(folder.resolve("chat.jsonl"), chats(3));
    for (String there : List.of("stage_config.yaml", "stages/pretraining.json")) {
      Path file = TestFiles.write(repo().resolve(there), "mine");
      Cli.Result result = init("--data", data);
      assertThat(result.code(), is(2));
      assertThat(result.err(), containsString(file + " is there already"));
      assertThat(Files.readString(file), is("mine"));
      assertThat(init("--example").err(), containsString(file + " is there already"));
      Files.delete(file);
    }
    try (var files = Files.walk(repo())) {
      assertThat(files.filter(Files::isRegularFile).count(), is(0L));
    }
  }

  @Test
  void data_that_cannot_be_used_is_named_all_at_once_and_nothing_is_written() throws Exception {
    Path odd = TestFiles.write(folder.resolve("odd.bin"), "x");
    Path half = TestFiles.write(folder.resolve("half.jsonl.gz"), new byte[] {31, (byte) 139, 8});
    Cli.Result result = init("--data", folder.resolve("missing"), odd);
    assertThat(result.code(), is(3));
    assertThat(result.err(), containsString("2 problems"));
    assertThat(result.err(), containsString("missing: not found: no file, and no folder"));
    assertThat(result.err(), containsString("odd.bin: has a name that does not tell its format"));
    assertThat(init("--data", half).code(), not(0));
    assertThat(Files.exists(repo()), is(false));
  }

  @Test
  void an_example_can_be_made_where_there_is_no_data() throws Exception {
    Cli.Result result = init("--example");
    assertThat(result.err(), result.code(), is(0));
    assertThat(Files.readAllLines(repo().resolve("data/sums.jsonl")).size(), is(400));
    assertThat(Files.readAllLines(repo().resolve("data/products.jsonl")).size(), is(100));
    assertThat(prepared().get("samples").asInt(), is(200));
    assertThat(init("--example").err(), containsString("is there already"));
  }

  @Test
  void wrong_usage_is_told() {
    assertThat(init().err(), containsString("--data"));
    assertThat(init("--data", "x", "--example").code(), is(2));
    assertThat(
        init("--data", "x", "--stage", "a/b").err(), containsString("cannot be a stage's key"));
  }

  @Test
  void real_datasets_make_a_repository_that_prepares() {
    Path real = TestFiles.realData();
    Assumptions.assumeTrue(Files.isDirectory(real), "no " + real);
    Cli.Result result =
        init(
            "--data",
            real.resolve("gsm8k"),
            real.resolve("alpaca"),
            real.resolve("t0"),
            real.resolve("humaneval"));
    assertThat(result.err(), result.code(), is(0));
    assertThat(prepared().get("samples").asInt(), not(0));
  }
}
