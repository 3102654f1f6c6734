package dev.mixdown.cli.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of the years before mixdown, from the files that are left of them. */
class BackfillTest {
  private static final String SPRING = "2025-03-01T00:00:00Z";
  private static final String SUMMER = "2025-07-01T00:00:00Z";

  @TempDir Path folder;

  @BeforeEach
  void leaveFiles() throws IOException {
    shard("data/alpaca.jsonl", TestFiles.lines("a", 5), SPRING);
    shard("data/code-00000-of-00002.jsonl", TestFiles.lines("b", 3), SPRING);
    shard("data/code-00001-of-00002.jsonl", TestFiles.lines("c", 4), SUMMER);
    shard("data/bad.jsonl", "oops\n", SPRING);
    training("art/x/training_info.json", "alpaca", "2025-05-01T00:00:00", "org/base");
    training("art/y/training_info.json", "code", "2025-06-01T00:00:00", "../x/ckpt");
    training("art/z/training_info.json", "alpacas", "2025-05-01T00:00:00", "org/base");
    TestFiles.write(folder.resolve("art/broken/training_info.json"), "{");
    TestFiles.write(
        folder.resolve("jobs.jsonl"),
        """
        {"uuid": "u-1", "name": "first", "status": "completed", "dataset_path": "%s/data/alpaca.jsonl", "recipe": "sft_basic", "created_at": "2025-06-01T00:00:00Z", "config": {"learning_rate": 1e-6}}
        {"uuid": "u-2", "name": "early", "status": "failed", "dataset_path": "%s/data/alpaca.jsonl", "created_at": "2025-01-01 00:00:00"}
        {"name": "nobody"}
        """
            .formatted(folder, folder));
  }

  private Path shard(String name, String text, String time) throws IOException {
    Path file = TestFiles.write(folder.resolve(name), text);
    return Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
  }

  private void training(String name, String dataset, String start, String base) throws IOException {
    TestFiles.write(
        folder.resolve(name),
        """
        {"model_name": "m", "stage": "s", "final_checkpoint": "ckpt", "base_model": "%s",
         "created_at": "%s", "last_updated": "%s", "total_steps": 10, "last_dataset": "%s",
         "training_history": [{"dataset": "%s", "steps": 10, "metrics": {"f1": 0.5},
           "start_time": "%s", "end_time": "%s"}]}
        """
            .formatted(base, start, start, dataset, dataset, start, start));
  }

  private JsonNode backfill(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "backfill",
                "--json",
                "--registry",
                store(),
                "--datasets",
                folder.resolve("data") + "/*.jsonl",
                "--artifacts",
                folder.resolve("art")));
    args.addAll(List.of(more));
    Cli.Result result = new Cli(folder.resolve("workspace")).run(args.toArray());
    assertThat(result.err(), result.code(), is(0));
    return result.json();
  }

  private Path store() {
    return folder.resolve("registry");
  }

  private Map<String, String> reasons(JsonNode report) {
    Map<String, String> reasons = new HashMap<>();
    report
        .get("unmatched")
        .forEach(
            one ->
                reasons.put(
                    one.get("training").asText().replace(folder + "/", ""),
                    one.get("reason").asText()));
    return reasons;
  }

  private List<JsonNode> records(String kind) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    for (Path file : Schemas.files(store().resolve(kind))) {
      records.add(Json.read(Files.readAllBytes(file)));
    }
    return records;
  }

  @Test
  void trainings_are_joined_to_what_they_used_and_the_rest_has_its_reason() throws Exception {
    JsonNode report = backfill("--jobs", folder.resolve("jobs.jsonl"));

    assertThat(report.get("versions").asInt(), is(2));
    assertThat(report.get("trainings").asInt(), is(5));
    assertThat(report.get("matched").asInt(), is(2));
    Map<String, String> reasons = reasons(report);
    assertThat(
        reasons.get("art/z/training_info.json training 1"),
        is("no dataset is called \"alpacas\"; did you mean \"alpaca\"?"));
    assertThat(
        reasons.get("art/y/training_info.json training 1"),
        containsString("but that changed on 2025-07-01T00:00:00Z, after it began on 2025-06-01"));
    assertThat(reasons.get("job u-2"), containsString("but that changed on 2025-03-01"));
    String problems = report.get("notes").toString();
    assertThat(problems, containsString("bad.jsonl: record 0 at byte 0: "));
    assertThat(problems, containsString("broken/training_info.json"));
    assertThat(problems, containsString("jobs.jsonl:3 has no uuid"));

    for (JsonNode version : records("versions")) {
      assertThat(version.get("backfilled").asBoolean(), is(true));
      boolean code = version.get("dataset").asText().equals("code");
      assertThat(version.get("created_at").asText(), is(code ? SUMMER : SPRING));
      assertThat(version.get("shards").size(), is(code ? 2 : 1));
    }
    JsonNode job = Json.read(Files.readAllBytes(store().resolve("trainings/u-1.json")));
    assertThat(job.at("/versions/0/match/by").asText(), is("path"));
    assertThat(job.at("/versions/0/match/confidence").asDouble(), is(0.95));
    assertThat(job.get("recipe").asText(), is("sft_basic"));
    Schemas.check(store());

    // And lineage goes on from there: y began from x's checkpoint.
    JsonNode graph =
        Cli.plain("lineage", "y/ckpt", "--upstream", "--json", "--registry", store().toString())
            .json();
    List<String> ids = new ArrayList<>();
    graph.get("nodes").forEach(node -> ids.add(node.get("id").asText()));
    assertThat(ids, hasItem(folder.resolve("art/x/ckpt").toString()));
    assertThat(ids, hasItem(job.at("/versions/0/version").asText()));

    // A training of its own that nobody could join has still seen the data, by way of its base.
    String hash = job.at("/versions/0/version").asText();
    JsonNode used =
        Cli.plain("versions", "lineage", hash, "--json", "--registry", store().toString()).json();
    assertThat(used.get("jobs_count").asInt(), is(3));
  }

  @Test
  void what_could_not_be_joined_is_joined_when_its_data_is_found() throws Exception {
    JsonNode blind =
        new Cli(folder.resolve("workspace"))
            .run(
                "backfill", "--json", "--registry", store(), "--jobs", folder.resolve("jobs.jsonl"))
            .json();
    assertThat(blind.get("matched").asInt(), is(0));
    assertThat(Files.exists(store().resolve("trainings/u-1-open.json")), is(true));

    JsonNode seeing = backfill("--jobs", folder.resolve("jobs.jsonl"));
    assertThat(seeing.get("matched").asInt(), is(2));
    String tree = Cli.plain("lineage", "u-1", "--upstream", "--registry", store().toString()).out();
    assertThat(tree, containsString("dataset version alpaca"));
    Schemas.check(store());
  }

  @Test
  void a_path_of_one_shard_of_a_dataset_that_was_recorded_before_is_found() throws Exception {
    Path jobs =
        TestFiles.write(
            folder.resolve("later.jsonl"),
            """
            {"uuid": "a/b", "dataset_path": "%s/data/code-00000-of-00002.jsonl", "created_at": "2025-08-01T00:00:00Z", "config": {"lr": 1, "wandb_api_key": "hidden", "hf": {"token": "hidden"}}}
            {"uuid": "a_b", "dataset_path": "file:///not a path", "created_at": "2025-08-01T00:00:00Z"}
            """
                .formatted(folder));
    backfill();
    JsonNode report =
        new Cli(folder.resolve("workspace"))
            .run("backfill", "--json", "--registry", store(), "--jobs", jobs)
            .json();
    assertThat(report.get("matched").asInt(), is(1));
    assertThat(report.get("added").get("trainings").asInt(), is(2));
    for (JsonNode training : records("trainings")) {
      assertThat("no secret of a job is kept", training.toString(), not(containsString("hidden")));
    }
  }

  @Test
  void a_second_run_adds_nothing_and_reads_nothing_again() throws Exception {
    backfill("--jobs", folder.resolve("jobs.jsonl"));
    Map<Path, FileTime> before = times();
    JsonNode again = backfill("--jobs", folder.resolve("jobs.jsonl"));

    assertThat(
        again.get("added").toString(),
        is("{\"versions\":0,\"runs\":0,\"manifests\":0,\"trainings\":0}"));
    assertThat(times(), is(before));
  }

  private Map<Path, FileTime> times() throws IOException {
    Map<Path, FileTime> times = new HashMap<>();
    for (String kind : List.of("versions", "runs", "manifests", "trainings")) {
      for (Path file : Schemas.files(store().resolve(kind))) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  @Test
  void a_job_export_may_be_csv() throws Exception {
    TestFiles.write(
        folder.resolve("jobs.csv"),
        """
        UUID,Name,Status,Dataset Path,recipe,created_at,config
        u-9,"a, b",completed,data/alpaca.jsonl,r,2025-06-01T00:00:00Z,"{""lr"": 1}"
        u-8,late,completed,,r,not a time,
        """);
    JsonNode report = backfill("--jobs", folder.resolve("jobs.csv"));

    JsonNode job = Json.read(Files.readAllBytes(store().resolve("trainings/u-9.json")));
    assertThat(job.get("name").asText(), is("a, b"));
    assertThat(job.get("hyperparams").get("lr").asInt(), is(1));
    assertThat(job.at("/versions/0/match/confidence").asDouble(), is(0.85));
    assertThat(report.get("notes").toString(), containsString("created_at is \\\"not a time\\\""));
  }

  @Test
  void manifests_that_nobody_recorded_are_recorded_as_a_prepare_would_have() throws Exception {
    Path out = folder.resolve("out");
    assertThat(
        new Cli(folder.resolve("workspace"))
            .run(
                "prepare",
                "pretraining",
                "--repo",
                TestFiles.demo(),
                "--output",
                out,
                "--registry",
                folder.resolve("lost"))
            .code(),
        is(0));
    Path manifest = TestFiles.current(out.resolve("pretraining"));
    JsonNode report = backfill("--manifests", out);

    assertThat(report.get("manifests").asInt(), is(1));
    String tree =
        Cli.plain("lineage", manifest.toString(), "--upstream", "--registry", store().toString())
            .out();
    assertThat(tree, containsString("backfilled"));
    assertThat(tree, containsString("dataset version highway_foundation_large"));
    JsonNode lost =
        Json.read(Files.readAllBytes(Schemas.files(folder.resolve("lost/manifests")).get(0)));
    JsonNode found = records("manifests").get(0);
    for (String key :
        List.of("id", "uri", "stage", "samples", "seed", "format", "datasets", "run")) {
      assertThat(key, found.get(key), is(lost.get(key)));
    }
    Schemas.check(store());
  }

  @Test
  void one_that_is_killed_is_gone_on_with() throws Exception {
    for (int i = 0; i < 300; i++) {
      shard("data/set" + i + ".jsonl", TestFiles.lines("s" + i, 3), SPRING);
    }
    TestFiles.launcher(folder);
    for (int millis : List.of(900, 1500, 2200)) {
      Process process =
          new ProcessBuilder(
                  folder.resolve("mixdown").toString(),
                  "backfill",
                  "--datasets",
                  folder.resolve("data") + "/*.jsonl",
                  "--artifacts",
                  folder.resolve("art").toString(),
                  "--registry",
                  store().toString(),
                  "--workspace",
                  folder.resolve("workspace").toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("said").toFile())
              .start();
      process.waitFor(millis, TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      // Whatever is there is whole.
      for (JsonNode version : records("versions")) {
        assertThat(version.get("shards").size() >= 1, is(true));
      }
    }
    backfill();
    assertThat(records("versions").size(), is(302));
    assertThat(records("trainings").size(), is(3));
    Schemas.check(store());
  }

  @Test
  void globs_say_what_belongs_together() throws Exception {
    Cli.Result result =
        new Cli(folder.resolve("workspace"))
            .run(
                "backfill",
                "--json",
                "--registry",
                store(),
                "--datasets",
                "mine=" + folder.resolve("data") + "/code*.jsonl",
                folder.resolve("none") + "/*.jsonl");
    assertThat(result.err(), result.code(), is(0));
    assertThat(records("versions").get(0).get("dataset").asText(), is("mine"));
    assertThat(result.json().get("notes").toString(), containsString("matches no file"));
    assertThat(Cli.plain("backfill", "--registry", store().toString()).code(), is(2));
  }
}
