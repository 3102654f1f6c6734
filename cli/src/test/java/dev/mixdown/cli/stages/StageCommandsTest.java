package dev.mixdown.cli.stages;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.Cli.Result;
import dev.mixdown.cli.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command says, to people and to programs. */
class StageCommandsTest {
  @TempDir Path folder;
  private Path repo;

  @BeforeEach
  void release() throws IOException {
    repo = TestFiles.copyOfDemo(folder.resolve("repo"));
  }

  private Result stage(String... args) {
    List<String> all = new ArrayList<>(List.of("stage"));
    all.addAll(List.of(args));
    all.addAll(List.of("--repo", repo.toString()));
    return Cli.plain(all.toArray(String[]::new));
  }

  private JsonNode json(int code, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    Result result = stage(all.toArray(String[]::new));
    assertThat(result.err(), result.code(), is(code));
    return result.json();
  }

  @Test
  void every_command_answers_programs_in_json() {
    String workspace = folder.resolve("workspace").toString();
    assertThat(json(0, "status").get("current_stage").asText(), is("pretraining"));
    assertThat(json(0, "list-stages").get("stages").size(), is(5));
    JsonNode check = json(10, "check", "--epoch", "50", "--event", "pretraining_complete");
    assertThat(check.get("action").asText(), is("switched"));
    assertThat(
        check.get("loader").get("drop").get(0).get("dataset").asText(),
        is("highway_foundation_large"));
    assertThat(
        check.get("candidates").get(0).get("conditions").get(0).get("value").asInt(), is(50));
    assertThat(json(0, "check", "--epoch", "51").get("next_check_epoch").asInt(), is(60));
    assertThat(json(0, "rollback").get("stage").asText(), is("pretraining"));
    assertThat(json(0, "activate", "finetuning").get("outcome").asText(), is("switched"));
    assertThat(json(0, "switch-stage", "finetuning").get("outcome").asText(), is("unchanged"));
    assertThat(json(0, "resolve").get("config").asText(), startsWith("/"));
    assertThat(
        json(0, "preview", "evaluation", "--workspace", workspace).get("previews").size(), is(1));
    assertThat(
        json(0, "preview", "ab_testing", "--workspace", workspace).get("previews").size(), is(2));
    assertThat(
        json(0, "report", "--workspace", workspace).get("markdown").asText(),
        startsWith("# Stages"));
    assertThat(json(0, "validate-config").get("good").asBoolean(), is(true));
    assertThat(
        json(0, "generate", "--stage", "custom").get("written").get(0).asText(),
        is(repo + "/stages/custom.json"));
    assertThat(
        json(1, "confirm").get("errors").get(0).get("message").asText(),
        containsString("no switch is proposed"));
    assertThat(json(2, "switch-stage", "nowhere").get("exit_code").asInt(), is(2));
  }

  @Test
  void a_repository_with_only_a_training_dataset_works_everywhere() throws IOException {
    for (String name : List.of("stage_config.yaml", "active_stage.yaml")) {
      Files.delete(repo.resolve(name));
    }
    String workspace = folder.resolve("workspace").toString();
    assertThat(stage("status").out(), containsString("pretraining, of the one config"));
    assertThat(stage("list-stages").out(), containsString("has no stages"));
    assertThat(stage("check", "--epoch", "99").out(), is("stay: the repository has no stages\n"));
    assertThat(stage("resolve").out(), containsString("export MIXDOWN_STAGE='pretraining'\n"));
    assertThat(stage("validate-config").code(), is(0));
    assertThat(stage("validate-config", "training_dataset.json").code(), is(0));
    assertThat(stage("preview", "--workspace", workspace).code(), is(0));
    assertThat(stage("report", "--workspace", workspace).code(), is(0));
    assertThat(stage("generate", "--stage", "fresh").code(), is(0));
    for (List<String> command :
        List.of(List.of("switch-stage", "x"), List.of("rollback"), List.of("confirm"))) {
      Result result = stage(command.toArray(String[]::new));
      assertThat(result.code(), is(2));
      assertThat(result.err(), containsString("this repository has no stages"));
    }
    assertThat(Files.exists(repo.resolve("active_stage.yaml")), is(false));
  }

  @Test
  void a_folder_that_is_no_release_repository_is_told() {
    repo = folder.resolve("nowhere");
    for (String command :
        List.of("status", "list-stages", "report", "validate-config", "preview")) {
      Result result = stage(command);
      assertThat(command, result.code(), is(2));
      assertThat(command, result.err(), containsString("this is not a release repository"));
    }
  }

  @Test
  void what_comes_next_is_told_by_the_stages_as_they_are_now() throws IOException {
    Files.delete(repo.resolve("active_stage.yaml"));
    assertThat(
        stage("status").out(),
        containsString("next    finetuning when epoch >= 50 and pretraining_complete\n"));
    Path stages = repo.resolve("stage_config.yaml");
    TestFiles.write(stages, Files.readString(stages).replace("mode: \"auto\"", "mode: \"manual\""));
    assertThat(stage("status").out(), containsString("next    finetuning, by hand, once epoch"));
    TestFiles.write(repo.resolve("active_stage.yaml"), "current_stage: gone\n");
    assertThat(
        stage("status").err(), containsString("there is no stage \"gone\" (current_stage at "));
  }

  @Test
  void a_preview_has_the_numbers_that_the_ledger_knows() throws Exception {
    Path workspace = folder.resolve("workspace");
    TestFiles.waitUntilOld(repo);
    Cli cli = new Cli(workspace);
    assertThat(
        stage("preview", "finetuning", "--workspace", workspace.toString()).out(),
        containsString("not read yet: "));
    assertThat(cli.run("plan", "finetuning", "--repo", repo).code(), is(0));
    assertThat(cli.run("plan", "pretraining", "--repo", repo).code(), is(0));
    JsonNode preview =
        json(0, "preview", "finetuning", "--workspace", workspace.toString())
            .get("previews")
            .get(0);
    assertThat(preview.get("samples").asLong(), is(4_167L));
    assertThat(preview.get("samples_before").asLong(), is(16_004L));
    JsonNode toll = preview.get("datasets").get(0);
    assertThat(toll.get("change").asText(), is("new"));
    assertThat(toll.get("samples").asLong(), is(2_500L));
    assertThat(toll.get("share").asDouble(), closeTo(2_500.0 / 4_167, 1e-9));
    assertThat(
        preview.get("settings").toString(),
        containsString("sampling_strategy balanced -> targeted"));
    JsonNode online =
        json(0, "preview", "online_learning", "--workspace", workspace.toString())
            .get("previews")
            .get(0)
            .get("datasets")
            .get(1);
    assertThat(online.get("dataset").asText(), is("highway_foundation_large"));
    assertThat(online.get("change").asText(), is("changed"));
    assertThat(online.get("differences").toString(), containsString("duplicate 10 -> 0.5"));
    String report = stage("report", "--workspace", workspace.toString()).out();
    assertThat(
        report,
        containsString(
            "| toll_station_scenarios_refined | toll_station | 5 | 0.6 | 500 | 2,500 | 60.00% |"));
  }

  @Test
  void a_report_goes_to_a_file_and_shows_where_a_config_is_broken() throws IOException {
    Path report = folder.resolve("report.md");
    TestFiles.write(repo.resolve("stages/evaluation.json"), "{");
    assertThat(stage("activate", "finetuning", "--reason", "a | b").code(), is(0));
    assertThat(
        stage("report", "--output", report.toString(), "--workspace", folder.toString()).out(),
        is("Wrote " + report + "\n"));
    String text = Files.readString(report);
    assertThat(text, containsString("**finetuning** is active since"));
    assertThat(text, containsString("Its config cannot be used:"));
    assertThat(text, containsString("a \\| b"));
    assertThat(text, containsString("| pretraining | 2025-09-23 10:30:00 |"));
  }

  @Test
  void validate_config_ends_with_2_on_errors_and_on_warnings_when_strict() throws IOException {
    assertThat(stage("validate-config", "--strict").code(), is(0));
    Path config = repo.resolve("stages/finetuning.json");
    TestFiles.write(
        config, Files.readString(config).replace("\"merge_lane\": 0.1", "\"merge_lan\": 0.1"));
    Result warned = stage("validate-config", "stages/finetuning.json");
    assertThat(warned.code(), is(0));
    assertThat(
        warned.out(),
        containsString(
            "stages/finetuning.json:16:22 at /meta/stage_config/data_ratio/merge_lan: data_ratio asks for category \"merge_lan\", which no dataset has"));
    assertThat(stage("validate-config", "--strict").code(), is(2));
    TestFiles.write(config, Files.readString(config).replace("0.6, ", "-0.6, "));
    Result wrong = stage("validate-config");
    assertThat(wrong.code(), is(2));
    assertThat(wrong.err(), containsString("stage_weight is -0.6; it may not be below 0"));
    assertThat(wrong.err(), containsString("mixdown: the config cannot be used: 1 error"));
  }

  @Test
  void generate_writes_over_nothing_and_what_it_writes_validates() throws IOException {
    for (String template : List.of("pretraining", "finetuning", "evaluation", "ab_testing")) {
      Result made = stage("generate", "--template", template, "--stage", "my_" + template);
      assertThat(made.err(), made.code(), is(0));
      assertThat(made.out(), containsString("trigger_mode: \"manual\""));
      Result again = stage("generate", "--template", template, "--stage", "my_" + template);
      assertThat(again.code(), is(2));
      assertThat(again.err(), containsString("is there already; --force writes over it"));
      assertThat(
          stage("generate", "--template", template, "--stage", "my_" + template, "--force").code(),
          is(0));
    }
    for (String file :
        List.of(
            "my_pretraining.json",
            "my_ab_testing/variant_a.json",
            "my_ab_testing/variant_b.json")) {
      assertThat(stage("validate-config", "--strict", "stages/" + file).err(), is(""));
    }
    Result ratio = stage("generate", "--stage", "r", "--ratio", "highway:0.5,urban:0.3,toll:0.1");
    assertThat(ratio.err(), containsString("the ratios of data_ratio add to 0.9"));
    assertThat(ratio.err(), containsString("asks for category \"toll\", which no dataset has"));
    assertThat(stage("generate", "--stage", "q", "--ratio", "highway").code(), is(2));
    assertThat(stage("generate", "--stage", "../q").code(), is(2));
    assertThat(
        stage("generate", "--stage", "q", "--output", "active_stage.yaml", "--force").code(),
        is(2));
    assertThat(
        stage("generate", "--stage", "q", "--base-config", "stages").err(),
        containsString("there is no such file"));
    assertThat(stage("generate", "--stage", "q", "--template", "t").code(), is(2));
  }

  @Test
  void the_entry_that_generate_prints_makes_it_a_stage() throws IOException {
    for (String template : List.of("evaluation", "ab_testing")) {
      String out = stage("generate", "--template", template, "--stage", "my #" + template).out();
      String entry = out.substring(out.indexOf(":\n") + 2);
      Path stages = repo.resolve("stage_config.yaml");
      TestFiles.write(
          stages, Files.readString(stages).replace("default_stage:", entry + "default_stage:"));
      assertThat(stage("validate-config", "--strict").err(), is(""));
      assertThat(stage("switch-stage", "my #" + template).code(), is(0));
    }
  }

  @Test
  void a_switch_is_tagged_where_the_repository_is_a_git_checkout() throws Exception {
    Result none = stage("switch-stage", "finetuning", "--tag");
    assertThat(none.err(), containsString("is not a git checkout with a commit"));
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "one");
    Result tagged = stage("switch-stage", "finetuning", "--tag");
    assertThat(
        tagged.err() + tagged.out(),
        tagged.out(),
        containsString("tagged  stage/finetuning/v1.2.0"));
    assertThat(git("tag").strip(), is("stage/finetuning/v1.2.0"));
    // What mixdown keeps for itself is none of git's business.
    assertThat(git("status", "--short"), not(containsString(".mixdown")));
    assertThat(stage("switch-stage", "pretraining").code(), is(0));
    git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-a", "-m", "two");
    // The config is the same as in the commit with the tag.
    assertThat(stage("rollback", "--tag").err(), is(""));
    assertThat(stage("switch-stage", "pretraining").code(), is(0));
    Path config = repo.resolve("stages/finetuning.json");
    TestFiles.write(
        config, Files.readString(config).replace("\"duplicate\": 5", "\"duplicate\": 7"));
    assertThat(
        stage("switch-stage", "finetuning", "--tag").err(),
        containsString("has changes that are not committed"));
    git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-a", "-m", "three");
    String before = Files.readString(repo.resolve("active_stage.yaml"));
    Result elsewhere = stage("switch-stage", "finetuning", "--tag");
    assertThat(elsewhere.code(), is(1));
    assertThat(
        elsewhere.err(), containsString("the tag stage/finetuning/v1.2.0 marks another state"));
    assertThat(Files.readString(repo.resolve("active_stage.yaml")), is(before));
  }

  @Test
  void a_tag_marks_the_switch_itself_where_it_is_committed_first() throws Exception {
    git("init", "-q");
    git("config", "user.name", "t");
    git("config", "user.email", "t@t");
    git("add", ".");
    git("commit", "-q", "-m", "one");
    Result tagged = stage("switch-stage", "finetuning", "--tag", "--commit");
    assertThat(tagged.err() + tagged.out(), tagged.out(), containsString("committed"));
    assertThat(
        git("show", "stage/finetuning/v1.2.0:active_stage.yaml"),
        containsString("current_stage: \"finetuning\""));
    assertThat(git("log", "-1", "--format=%s").strip(), is("Switch to finetuning"));
    assertThat(git("status", "--short"), is(""));
    Result behind = stage("switch-stage", "evaluation", "--tag");
    assertThat(behind.out(), containsString("in which the switch itself is not yet"));
  }

  @Test
  void a_switch_between_arms_names_both() {
    assertThat(stage("switch-stage", "ab_testing", "--variant", "variant_a").code(), is(0));
    assertThat(
        stage("switch-stage", "ab_testing", "--variant", "variant_b").out(),
        containsString("Switched from ab_testing/variant_a to ab_testing/variant_b"));
    JsonNode back = json(0, "switch-stage", "ab_testing", "--variant", "variant_a");
    assertThat(back.get("previous_variant").asText(), is("variant_b"));
  }

  private String git(String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", repo.toString()));
    command.addAll(List.of(args));
    return TestFiles.program(command.toArray(String[]::new));
  }

  @Test
  void bad_numbers_of_a_trainer_are_told_and_a_diverged_loss_is_none() {
    assertThat(stage("check", "--epoch", "-1").code(), is(2));
    for (String event : List.of("", " ", "loss < 3", "a\nb", "done ")) {
      assertThat(
          stage("check", "--event", event).err(), containsString("an event's name is expected"));
    }
    assertThat(json(2, "check", "--loss", "low").get("error").asText(), is("bad usage"));
    for (String size : List.of("1e9", "1e-300", "-1e300", "1E+3", "0")) {
      assertThat(stage("check", "--epoch", "2", "--metric", "m=" + size).err(), is(""));
    }
    assertThat(
        stage("check", "--epoch", "1", "--loss", "low").err(),
        containsString("a number is expected"));
    assertThat(stage("check", "--epoch", "1", "--loss", ".").code(), is(2));
    assertThat(
        stage("check", "--metric", "epoch=3").err(), containsString("say the epoch with --epoch"));
    assertThat(
        stage("check", "--loss", "1", "--metric", "loss=2").err(),
        containsString("is given twice"));
    Result nan = stage("check", "--epoch", "1", "--loss", "NaN");
    assertThat(nan.code(), is(0));
    assertThat(nan.err(), containsString("no condition on it holds"));
    assertThat(stage("check", "--epoch", "1", "--metric", "reward=-1e-3").code(), is(0));
  }

  @Test
  void a_failed_resolve_makes_the_eval_around_it_fail() throws IOException {
    TestFiles.write(repo.resolve("stages/pretraining.json"), "{}");
    Result result = stage("resolve");
    assertThat(result.code(), is(2));
    assertThat(result.out(), is("false\n"));
    for (List<String> wrong :
        List.of(
            List.of("resolve", "--unit", "1", "--variant", "a"),
            List.of("resolve", "--unit", " "),
            List.of("resolve", "--outptu", "x"))) {
      Result usage = stage(wrong.toArray(String[]::new));
      assertThat(usage.code(), is(2));
      assertThat(usage.out(), is("false\n"));
    }
  }
}
