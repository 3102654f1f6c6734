package dev.mixdown.cli.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.configs.syntax.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A year in the life of a dataset: pretraining, fine-tuning from its checkpoint, a shard that
 * changes, pretraining again; then every question that people ask.
 */
class LineageStoryTest {
  @TempDir Path folder;

  private Cli.Result run(Object... args) {
    Cli.Result result = new Cli(folder.resolve("workspace")).run(args);
    assertThat(result.err(), result.code(), is(0));
    return result;
  }

  private Path store() {
    return folder.resolve("out/registry");
  }

  private List<String> nodes(String kind, Object... lineage) {
    List<Object> args = new ArrayList<>(List.of("lineage"));
    args.addAll(List.of(lineage));
    args.addAll(List.of("--json", "--registry", store()));
    List<String> ids = new ArrayList<>();
    for (JsonNode node : run(args.toArray()).json().get("nodes")) {
      if (node.get("kind").asText().equals(kind)) {
        ids.add(node.get("id").asText());
      }
    }
    return ids;
  }

  private String version(Path manifest, String dataset) throws Exception {
    for (JsonNode one :
        Json.read(Files.readAllBytes(manifest.resolve("manifest.json"))).get("datasets")) {
      if (one.get("name").asText().equals(dataset)) {
        return one.get("version").asText();
      }
    }
    throw new AssertionError(dataset + " is not in " + manifest);
  }

  private void train(
      String art, Path repo, String stage, Path manifest, String base, String month) {
    run(
        "training",
        "append",
        folder.resolve(art),
        "--repo",
        repo,
        "--stage",
        stage,
        "--model-name",
        "pilot",
        "--base-model",
        base,
        "--checkpoint",
        "checkpoint-10",
        "--dataset",
        stage + "_mix",
        "--steps",
        10,
        "--metric",
        "f1=0.8",
        "--hyperparam",
        "lr=2e-5",
        "--start",
        "2026-" + month + "-01T00:00:00",
        "--end",
        "2026-" + month + "-02T00:00:00",
        "--manifest",
        manifest,
        "--registry",
        store());
  }

  private void tell(Path repo, String first, String second, String dataset, Path shard, String more)
      throws Exception {
    Path out = folder.resolve("out");
    run("prepare", first, "--repo", repo, "--output", out);
    Path before = TestFiles.current(out.resolve(first));
    train("art/pre", repo, first, before, "org/base", "02");

    String base = folder.resolve("art/pre/checkpoint-10").toString();
    run("prepare", second, "--repo", repo, "--output", out, "--base-model", base);
    Path tuned = TestFiles.current(out.resolve(second));
    assertThat(
        Json.read(Files.readAllBytes(tuned.resolve("training_info.json")))
            .get("base_model")
            .asText(),
        is(base));
    train("art/tune", repo, second, tuned, base, "03");

    Files.writeString(shard, Files.readString(shard) + more);
    run("prepare", first, "--repo", repo, "--output", out);
    Path after = TestFiles.current(out.resolve(first));
    train("art/pre2", repo, first, after, "org/base", "04");

    asked(before, after, tuned, dataset);
  }

  private void asked(Path before, Path after, Path tuned, String dataset) throws Exception {
    String old = version(before, dataset);
    String fresh = version(after, dataset);
    String pre = folder.resolve("art/pre/checkpoint-10").toString();
    String tune = folder.resolve("art/tune/checkpoint-10").toString();
    String pre2 = folder.resolve("art/pre2/checkpoint-10").toString();

    // Which checkpoints have seen this version?
    assertThat(nodes("checkpoint", old, "--downstream"), containsInAnyOrder(pre, tune));
    assertThat(nodes("checkpoint", fresh.substring(0, 8), "--downstream"), contains(pre2));
    // What was this checkpoint trained on?
    assertThat(nodes("dataset version", tune, "--upstream"), hasItems(old));
    assertThat(nodes("dataset version", tune, "--upstream"), not(hasItem(fresh)));
    assertThat(nodes("dataset version", "pre2/checkpoint-10", "--upstream"), hasItem(fresh));
    // Which manifests and trainings used it?
    assertThat(nodes("manifest", old, "--downstream"), contains(before.getFileName().toString()));
    assertThat(nodes("manifest", after, "--downstream"), contains(after.getFileName().toString()));
    assertThat(nodes("training", old, "--downstream").size(), is(2));
    assertThat(nodes("run", tuned, "--upstream").size(), is(1));

    // Which versions are there, and what changed between two?
    JsonNode list =
        run("versions", "list", "--name", dataset, "--json", "--registry", store()).json();
    assertThat(list.get("versions").size(), is(2));
    JsonNode change =
        run("versions", "compare", old, fresh, "--json", "--registry", store()).json();
    assertThat(change.get("same_content").asBoolean(), is(false));
    assertThat(change.get("records_change").asLong(), is(2L));
    assertThat(change.get("shared_records").asLong(), is(change.get("a").get("records").asLong()));
    assertThat(change.get("shards").get(0).get("change").asText(), is("changed"));
    JsonNode used = run("versions", "lineage", old, "--json", "--registry", store()).json();
    assertThat(used.get("jobs_count").asInt(), is(2));

    // The same for people, and for tools that draw.
    String tree = run("lineage", tune, "--upstream", "--registry", store()).out();
    assertThat(tree, containsString("checkpoint " + pre));
    assertThat(
        run("lineage", tune, "--format", "dot", "--registry", store()).out(),
        containsString("digraph"));
    assertThat(
        run("lineage", tune, "--format", "mermaid", "--registry", store()).out(),
        containsString("flowchart LR"));

    // What is written is as published, and every run told that it began and ended.
    assertThat(Schemas.check(store()) > 10, is(true));
    for (String art : List.of("pre", "tune", "pre2")) {
      Schemas.checkHistory(folder.resolve("art/" + art + "/training_info.json"));
    }
    Schemas.checkHistory(tuned.resolve("training_info.json"));
    List<Path> events = Schemas.files(store().resolve("events"));
    assertThat(events.stream().filter(e -> e.toString().endsWith("-1-start.json")).count(), is(6L));
    assertThat(
        events.stream().filter(e -> e.toString().endsWith("-2-complete.json")).count(), is(6L));
  }

  @Test
  void every_question_is_answered_on_the_demo_release() throws Exception {
    Path repo = TestFiles.copyOfDemo(folder.resolve("repo"));
    tell(
        repo,
        "pretraining",
        "finetuning",
        "highway_foundation_large",
        repo.resolve("data/highway_foundation_large/clips-0.jsonl"),
        "{\"id\": \"fresh-1\"}\n{\"id\": \"fresh-2\"}\n");
  }

  @Test
  void every_question_is_answered_on_real_data() throws Exception {
    Path data = TestFiles.realData();
    Path repo = folder.resolve("repo");
    Path train =
        TestFiles.write(
            repo.resolve("gsm8k.jsonl"), Files.readAllBytes(data.resolve("gsm8k/train.jsonl")));
    TestFiles.write(
        repo.resolve("stage_config.yaml"),
        """
        stages:
          pretraining: {config_file: pre.json, priority: 1}
          finetuning: {config_file: tune.json, priority: 2}
        """);
    TestFiles.write(
        repo.resolve("pre.json"),
        """
        {"dataset_index": [{"name": "gsm8k", "obs_path": "gsm8k.jsonl", "stage_weight": 0.6},
          {"name": "t0", "obs_path": "%s/t0/*.jsonl", "stage_weight": 0.4}]}
        """
            .formatted(data));
    TestFiles.write(
        repo.resolve("tune.json"),
        """
        {"dataset_index": [{"name": "humaneval", "obs_path": "%s/humaneval/HumanEval.jsonl.gz"},
          {"name": "customers", "obs_path": "%s/parquet/delta_byte_array.parquet"}]}
        """
            .formatted(data, data));
    tell(
        repo,
        "pretraining",
        "finetuning",
        "gsm8k",
        train,
        "{\"question\": \"1+1?\", \"answer\": \"2\"}\n{\"question\": \"1+2?\", \"answer\": \"3\"}\n");
  }

  @Test
  void a_run_that_fails_is_recorded_and_one_that_has_nothing_to_do_is_not() throws Exception {
    Path repo = folder.resolve("repo");
    Path out = folder.resolve("out");
    Path shard = TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 5) + "oops\n");
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        "{\"meta\": {\"stage\": \"s\"}, \"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"a.jsonl\"}]}");
    assertThat(
        new Cli(folder.resolve("ws")).run("prepare", "--repo", repo, "--output", out).code(),
        is(3));
    List<Path> runs = Schemas.files(store().resolve("runs"));
    JsonNode failed = Json.read(Files.readAllBytes(runs.get(0)));
    assertThat(failed.get("state").asText(), is("FAIL"));
    assertThat(failed.get("error").asText(), containsString("a.jsonl: record 5"));
    assertThat(
        Schemas.files(store().resolve("events")).get(1).toString(), containsString("-2-fail.json"));

    TestFiles.write(shard, TestFiles.lines("a", 5));
    for (int i = 0; i < 3; i++) {
      assertThat(
          new Cli(folder.resolve("ws")).run("prepare", "--repo", repo, "--output", out).code(),
          is(0));
    }
    assertThat(Schemas.files(store().resolve("runs")).size(), is(2));
    Schemas.check(store());
  }

  @Test
  void a_base_model_that_is_said_later_is_noted_and_a_checkpoint_may_be_a_file() throws Exception {
    Path out = folder.resolve("out");
    run("prepare", "pretraining", "--repo", TestFiles.demo(), "--output", out);
    Path model = TestFiles.write(folder.resolve("art/best_model.pt"), "weights");
    String said =
        run(
                "prepare",
                "pretraining",
                "--repo",
                TestFiles.demo(),
                "--output",
                out,
                "--base-model",
                model)
            .out();
    assertThat(said, containsString("for another base model"));
    Path manifest = TestFiles.current(out.resolve("pretraining"));
    JsonNode info = Json.read(Files.readAllBytes(manifest.resolve("training_info.json")));
    assertThat(info.get("base_model").asText(), is(model.toString()));
    String tree = run("lineage", manifest, "--registry", store()).out();
    assertThat(tree, containsString("to be trained from " + model));
    Cli.Result file = Cli.plain("lineage", model.toString(), "--registry", store().toString());
    assertThat(file.err(), containsString("is not in"));
    Schemas.check(store());
  }

  @Test
  void a_store_that_cannot_be_written_after_publication_is_told_as_that() throws Exception {
    Path out = folder.resolve("out");
    TestFiles.write(store().resolve("versions"), "a file where a folder belongs");
    Cli.Result result =
        new Cli(folder.resolve("workspace"))
            .run("prepare", "pretraining", "--repo", TestFiles.demo(), "--output", out);
    assertThat(result.code(), is(1));
    assertThat(result.err(), containsString("is published, but could not be recorded in"));
    assertThat(result.err(), not(containsString("nothing was published")));

    Files.delete(store().resolve("versions"));
    run("prepare", "pretraining", "--repo", TestFiles.demo(), "--output", out);
    assertThat(nodes("dataset version", out.resolve("pretraining"), "--upstream").size(), is(4));
  }

  @Test
  void a_training_that_cannot_be_recorded_is_appended_once_and_recorded_by_the_next()
      throws Exception {
    TestFiles.write(store().resolve("trainings"), "a file where a folder belongs");
    Object[] append = {
      "training",
      "append",
      folder.resolve("art"),
      "--registry",
      store(),
      "--dataset",
      "d",
      "--steps",
      1,
      "--model-name",
      "m",
      "--stage",
      "s",
      "--base-model",
      "b",
      "--checkpoint",
      "c",
      "--start",
      "2026-01-01T00:00:00",
      "--end",
      "2026-01-01T01:00:00"
    };
    Cli.Result result = new Cli(folder.resolve("workspace")).run(append);
    assertThat(result.code(), is(1));
    assertThat(result.err(), containsString("do not append it again"));

    Files.delete(store().resolve("trainings"));
    run(append);
    assertThat(Schemas.files(store().resolve("trainings")).size(), is(2));
  }

  @Test
  void an_ambiguous_beginning_lists_what_it_may_be_and_an_unknown_one_says_so() {
    Cli.Result unknown = Cli.plain("lineage", "0123456789", "--registry", store().toString());
    assertThat(unknown.code(), is(2));
    assertThat(unknown.err(), containsString("\"0123456789\" is not in " + store() + ";"));
    Cli.Result hash = Cli.plain("versions", "show", "0123456789", "--registry", store().toString());
    assertThat(hash.code(), is(2));
    assertThat(hash.err(), containsString("mixdown versions list"));
    assertThat(Cli.plain("lineage").code(), is(2));
  }
}
