package dev.mixdown.cli.samples;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.configs.syntax.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model's story on GSM8K: what it has seen, and what it should not have. */
class SamplesAcrossStagesTest {
  private static final Path GSM8K = TestFiles.root().resolve("../shared/data/gsm8k");

  @TempDir Path folder;
  private Path repo;
  private Cli cli;

  @BeforeEach
  void data() throws Exception {
    assumeTrue(Files.exists(GSM8K), GSM8K + " is missing");
    cli = new Cli(folder.resolve("ws"));
    repo = Files.createDirectories(folder.resolve("repo"));
    Files.createDirectories(repo.resolve("stages"));
    Files.writeString(
        repo.resolve("stage_config.yaml"),
        "stages:\n  pretraining:\n    config_file: stages/pretraining.json\n"
            + "  finetuning:\n    config_file: stages/finetuning.json\n"
            + "  evaluation:\n    config_file: stages/evaluation.json\n");
    stage("pretraining", "\"total_clips\": 3000", "gsm8k", GSM8K.resolve("train.jsonl"));
    stage(
        "finetuning",
        "\"samples\": {\"exclude\": [{\"stage\": \"pretraining\"}]}",
        "gsm8k",
        GSM8K.resolve("train.jsonl"));
    stage("evaluation", "\"training_mode\": \"evaluation\"", "test", GSM8K.resolve("test.jsonl"));
  }

  private void stage(String stage, String config, String dataset, Path data) throws Exception {
    Files.writeString(
        repo.resolve("stages/" + stage + ".json"),
        "{\"meta\": {\"stage\": \"%s\", \"stage_config\": {%s}}, \"dataset_index\": [{\"name\": \"%s\", \"obs_path\": \"%s\"}]}"
            .formatted(stage, config, dataset, data));
  }

  private Cli.Result run(Object... arguments) throws Exception {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of("--output", folder.resolve("out"), "--registry", folder.resolve("registry")));
    return cli.run(all.toArray());
  }

  private void prepare(String stage) throws Exception {
    Cli.Result result = run("prepare", stage, "--repo", repo);
    assertThat(result.err(), result.code(), is(0));
  }

  @Test
  void a_planted_leak_is_found_with_its_places_and_the_test_set_itself_has_none() throws Exception {
    prepare("pretraining");
    prepare("evaluation");
    Cli.Result none = run("leaks", "--repo", repo);
    assertThat(none.err(), none.code(), is(0));
    assertThat(none.out(), containsString("against stage \"evaluation\": no leak"));
    JsonNode question = Json.value(Files.readAllLines(GSM8K.resolve("test.jsonl")).get(41));
    Path planted = folder.resolve("planted.csv");
    Files.writeString(
        planted,
        "answer,question\n%s,%s\n"
            .formatted(
                csv(question.get("answer").asText()), csv(question.get("question").asText())));
    stage("finetuning", "\"seed\": 1", "planted", planted);
    prepare("finetuning");
    Cli.Result found = run("leaks", "finetuning", "--repo", repo, "--json");
    assertThat(found.code(), is(3));
    JsonNode report = Json.value(found.out());
    assertThat(report.get("count").asInt(), is(1));
    JsonNode leak = report.get("leaks").get(0);
    assertThat(leak.get("confirmed").asBoolean(), is(true));
    assertThat(leak.get("times").asInt(), is(1));
    assertThat(leak.get("held_out").get("record_number").asInt(), is(41));
    assertThat(
        run("leaks", "--repo", repo, "--format", "github").out(), containsString("::error "));
    assertThat(
        run("leaks", "--repo", repo, "--format", "junit").out(),
        containsString("<testsuite name=\"mixdown leaks\" tests=\"2\" failures=\"1\">"));
    Cli.Result against =
        run(
            "leaks",
            "pretraining",
            "--repo",
            repo,
            "--against",
            GSM8K.resolve("train.jsonl"),
            "--json");
    assertThat(against.code(), is(3));
    assertThat(Json.value(against.out()).get("count").asInt(), is(3000));
  }

  private static String csv(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }

  @Test
  void exposure_counts_what_a_model_has_seen_on_the_way_to_it() throws Exception {
    prepare("pretraining");
    prepare("finetuning");
    for (String[] training :
        new String[][] {
          {"pretraining", "base", "checkpoints/one", "1000", "2026-01-01"},
          {"finetuning", "checkpoints/one", "checkpoints/two", "500", "2026-01-02"}
        }) {
      Cli.Result appended =
          cli.run(
              "training",
              "append",
              folder.resolve("history-" + training[0]),
              "--model-name",
              "m",
              "--stage",
              training[0],
              "--repo",
              repo,
              "--base-model",
              training[1].startsWith("checkpoints") ? folder.resolve(training[1]) : training[1],
              "--checkpoint",
              folder.resolve(training[2]),
              "--dataset",
              "gsm8k",
              "--steps",
              "10",
              "--start",
              training[4] + "T00:00:00",
              "--end",
              training[4] + "T01:00:00",
              "--manifest",
              folder.resolve("out/" + training[0]),
              "--consumed",
              training[3],
              "--registry",
              folder.resolve("registry"));
      assertThat(appended.err(), appended.code(), is(0));
    }
    Cli.Result exposure = run("exposure", "--model", folder.resolve("checkpoints/two"), "--json");
    assertThat(exposure.err(), exposure.code(), is(0));
    JsonNode dataset = Json.value(exposure.out()).get("datasets").get(0);
    assertThat(dataset.get("records").asInt(), is(7473));
    assertThat(dataset.get("samples").asInt(), is(1500));
    // What pretraining gave is excluded: nothing was seen twice.
    assertThat(dataset.get("uses"), hasUses(5973, 1500));
    assertThat(run("exposure", "pretraining").out(), containsString("4,473"));
  }

  private static org.hamcrest.Matcher<JsonNode> hasUses(int never, int once) {
    return is(
        Json.tree(
            List.of(
                java.util.Map.of("times", 0, "records", never),
                java.util.Map.of("times", 1, "records", once))));
  }

  @Test
  void a_mix_is_changed_at_a_position_without_reading_a_shard_and_its_proof_is_verified()
      throws Exception {
    prepare("pretraining");
    Cli.Result remix =
        run("remix", "pretraining", "--at", 1234, "--repo", repo, "--current", "--json");
    assertThat(remix.err(), remix.code(), is(0));
    JsonNode made = Json.value(remix.out());
    assertThat(made.at("/metrics/bytes_read").asLong(), is(0L));
    assertThat(made.at("/remix/continue/consumed").asInt(), is(1234));
    JsonNode stratum = made.at("/remix/strata/0");
    assertThat(stratum.get("consumed").asInt(), is(1234));
    assertThat(stratum.get("given").asInt(), is(3000));
    assertThat(stratum.get("left_over").asInt(), is(7473 - 4234));
    assertThat(made.at("/changed/since").asText().length(), is(20));
    Cli.Result verify = cli.run("verify", folder.resolve("out/pretraining"));
    assertThat(verify.err(), verify.code(), is(0));
    assertThat(verify.out(), containsString(made.get("manifest_id").asText()));
    Cli.Result same =
        run("remix", made.at("/changed/since").asText(), "--at", 1234, "--repo", repo);
    assertThat(same.err(), same.code(), is(0));
    assertThat(same.out(), containsString("consumed + given + left over = passes x records"));
    for (String[] wrong :
        new String[][] {
          {"--at is 3001; manifest", "--at", "3001"},
          {"Missing required option: '--at=POSITION'"},
          {"keep one of them", "--at", "1", "--ratio", "gsm8k=1", "--config", "x.json"},
          {"the share of gsm8k is below 0", "--at", "1", "--ratio", "gsm8k=-1"},
          {
            "--ratio names dataset \"math\", which dataset_index does not have",
            "--at",
            "1",
            "--ratio",
            "math=1"
          }
        }) {
      List<Object> arguments = new ArrayList<>(List.of("remix", "pretraining", "--repo", repo));
      arguments.addAll(List.of(wrong).subList(1, wrong.length));
      Cli.Result refused = run(arguments.toArray());
      assertThat(refused.err(), refused.code(), is(2));
      assertThat(refused.err(), containsString(wrong[0]));
    }
  }

  @Test
  void rules_are_explained_and_what_leaks_is_shown() throws Exception {
    prepare("pretraining");
    Cli.Result before = run("explain", "finetuning", "--repo", repo, "--json");
    JsonNode exclude = Json.value(before.out()).at("/samples/0");
    assertThat(before.err(), exclude.get("rule").asText(), is("exclude"));
    assertThat(exclude.get("records").asInt(), is(3000));
    assertThat(exclude.at("/sources/0/manifest_id").asText().length(), is(20));
    Files.writeString(
        folder.resolve("extra.jsonl"),
        Files.readAllLines(GSM8K.resolve("test.jsonl")).get(7) + "\n");
    stage("pretraining", "\"seed\": 1", "extra", folder.resolve("extra.jsonl"));
    Cli.Result changed = run("prepare", "pretraining", "--repo", repo);
    assertThat(changed.out(), containsString("which was current: 3,000 -> 1 sample, extra is new"));
    Cli.Result shown =
        cli.run(
            "show",
            folder.resolve("out/pretraining"),
            "--leaked",
            "--repo",
            repo,
            "--registry",
            folder.resolve("registry"));
    assertThat(shown.err(), shown.out(), containsString("extra.jsonl record 0"));
  }

  @Test
  void two_manifests_say_what_they_have_in_common_and_their_uses_can_be_made_again()
      throws Exception {
    prepare("pretraining");
    prepare("finetuning");
    Path out = folder.resolve("out");
    Cli.Result diff =
        cli.run(
            "diff",
            out.resolve("pretraining"),
            out.resolve("finetuning"),
            "--json",
            "--registry",
            folder.resolve("registry"));
    assertThat(diff.err(), diff.code(), is(1));
    JsonNode samples = Json.value(diff.out()).get("samples");
    assertThat(samples.get("in_both").asInt(), is(0));
    assertThat(samples.get("only_in_a").asInt(), is(3000));
    assertThat(samples.get("only_in_b").asInt(), is(4473));
    List<Path> uses = new ArrayList<>();
    try (var files = Files.walk(out)) {
      files.filter(f -> f.toString().contains("uses") && Files.isRegularFile(f)).forEach(uses::add);
    }
    assertThat(uses, hasSize(greaterThan(3)));
    List<byte[]> before = new ArrayList<>();
    for (Path file : uses) {
      before.add(Files.readAllBytes(file));
      Files.delete(file);
    }
    assertThat(cli.run("manifests", "rebuild-uses", out, "--json").code(), is(0));
    for (int i = 0; i < uses.size(); i++) {
      assertThat(uses.get(i).toString(), Files.readAllBytes(uses.get(i)), is(before.get(i)));
    }
    assertThat(cli.run("manifests", "rebuild-uses", out).out(), containsString(": unchanged"));
    assertThat(Cli.plain("verify", out.resolve("finetuning").toString()).code(), is(0));
  }
}
