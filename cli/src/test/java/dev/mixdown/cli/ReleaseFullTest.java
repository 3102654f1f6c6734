package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release repository with every shape that real ones have goes through as it is. */
class ReleaseFullTest {
  private static final List<String> STAGES =
      List.of("pretraining", "finetuning", "evaluation", "online_learning", "ab_testing");

  @TempDir Path folder;
  private Path repo;

  @BeforeEach
  void copy() throws IOException {
    Path original = TestFiles.realData().resolve("release-full");
    Assumptions.assumeTrue(Files.isDirectory(original), "there is no " + original);
    repo = folder.resolve("release");
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = repo.resolve(original.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.write(copy, Files.readAllBytes(file));
        }
      }
    }
  }

  private Cli.Result run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--repo", repo.toString()));
    return Cli.plain(all.toArray(String[]::new));
  }

  private JsonNode json(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    Cli.Result result = run(all.toArray(String[]::new));
    assertThat(result.err(), result.code(), is(0));
    return new ObjectMapper().readTree(result.out());
  }

  private JsonNode plan(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("plan", "--workspace", folder + "/workspace"));
    all.addAll(List.of(arguments));
    return json(all.toArray(String[]::new));
  }

  @Test
  void it_validates_without_an_error() {
    Cli.Result result = run("stage", "validate-config");
    assertThat(result.out() + result.err(), result.code(), is(0));
    assertThat(result.out(), containsString("no errors"));
  }

  @Test
  void every_stage_has_the_ratios_that_its_config_names() throws IOException {
    for (String stage : STAGES) {
      JsonNode plan =
          stage.equals("ab_testing") ? plan(stage, "--variant", "variant_b") : plan(stage);
      Map<String, Double> achieved = new TreeMap<>();
      Map<String, Double> asked = new TreeMap<>();
      for (JsonNode stratum : plan.get("strata")) {
        String category = stratum.get("category").asText();
        achieved.merge(category, stratum.get("achieved_share").asDouble(), Double::sum);
        asked.merge(category, stratum.get("requested_share").asDouble(), Double::sum);
      }
      if (stage.equals("finetuning")) {
        assertThat(plan.get("notes").toString(), containsString("cannot give enough"));
        assertThat(achieved.get("lift_station"), closeTo(0.532, 0.001));
      } else {
        // Half a sample in the smallest of these stages.
        asked.forEach(
            (category, share) -> assertThat(achieved.get(category), closeTo(share, 0.002)));
      }
    }
  }

  @Test
  void what_is_not_used_is_carried_into_the_manifest_and_held_out_data_is_listed()
      throws IOException {
    Cli.Result prepared =
        run(
            "prepare",
            "evaluation",
            "--workspace",
            folder + "/workspace",
            "--output",
            folder + "/out");
    assertThat(prepared.err(), prepared.code(), is(0));
    Path manifest = TestFiles.current(folder.resolve("out/evaluation"));
    JsonNode document = new ObjectMapper().readTree(manifest.resolve("manifest.json").toFile());
    JsonNode carried = document.get("carried");
    assertThat(carried.at("/evaluation_protocol/test_runs").asInt(), is(3));
    assertThat(carried.at("/meta/stage_config/loading_config/batch_size").asInt(), is(32));
    assertThat(
        carried.at("/stages/evaluation/resource_requirements/min_gpu_memory").asText(), is("4GB"));
    assertThat(carried.at("/stages/pretraining").isMissingNode(), is(true));
    assertThat(carried.at("/dataset_index/0/metadata/scenario_type").asText(), is("aisle"));
    JsonNode heldOut = document.get("held_out").get(0);
    assertThat(heldOut.get("name").asText(), is("public_benchmark"));
    assertThat(heldOut.get("records").asLong(), is(90L));
    assertThat(Cli.plain("verify", manifest.toString(), "--deep").code(), is(0));
    JsonNode resolved = json("stage", "resolve", "evaluation");
    assertThat(resolved.at("/carried/stage_metrics").isMissingNode(), is(false));
  }

  @Test
  void tasks_and_configs_by_hand_have_a_place_of_their_own() throws IOException {
    assertThat(plan("--config", "dagger").get("samples").asLong(), is(300L));
    assertThat(
        plan("--config", "training_dataset.json", "--task", "segmentation").get("samples").asLong(),
        is(1800L));
    Cli.Result prepared =
        run(
            "prepare",
            "--config",
            "dagger",
            "--workspace",
            folder + "/workspace",
            "--output",
            folder + "/out");
    assertThat(prepared.err(), prepared.code(), is(0));
    assertThat(Files.exists(folder.resolve("out/pretraining/dagger/current.json")), is(true));
    Cli.Result unknown = run("plan", "--config", "training_dataset.json", "--task", "detecion");
    assertThat(unknown.code(), is(2));
    assertThat(unknown.err(), containsString("did you mean \"detection\"?"));
  }

  @Test
  void a_switch_through_all_stages_and_back_keeps_keys_comments_and_form() throws IOException {
    Path active = repo.resolve("active_stage.yaml");
    List<String> before = Files.readAllLines(active);
    for (String stage : List.of("finetuning", "evaluation", "ab_testing", "pretraining")) {
      Cli.Result result = run("stage", "switch-stage", stage);
      assertThat(result.err(), result.code(), is(0));
    }
    List<String> after = Files.readAllLines(active);
    Set<String> owned =
        Set.of(
            "activated_at",
            "activated_by",
            "switch_reason",
            "deactivated_at",
            "duration",
            "estimated_switch_time",
            "condition",
            "status",
            "current_value",
            "target_value",
            "- condition");
    for (String line : before) {
      String key = line.strip().split(":", -1)[0];
      if (!owned.contains(key)) {
        assertThat(String.join("\n", after), after, hasItem(line));
      }
    }
    Node tree = YamlTree.read(Files.readString(active), "a", new Problems()).orElseThrow();
    JsonNode next = new ObjectMapper().valueToTree(tree.plain()).get("next_stage");
    assertThat(next.get("predicted_stage").asText(), is("finetuning"));
    assertThat(next.at("/conditions/0/condition").asText(), is("epoch >= 40"));
    assertThat(next.at("/conditions/0/status").asText(), is("pending"));
    assertThat(next.get("confidence").asDouble(), is(0.8));
  }

  @Test
  void a_check_goes_back_proposes_or_pauses_when_training_goes_wrong() throws IOException {
    assertThat(run("stage", "switch-stage", "finetuning").code(), is(0));
    Cli.Result paused = run("stage", "check", "--epoch", "46", "--metric", "gpu_memory_usage=0.97");
    assertThat(paused.out(), containsString("paused: gpu_memory_usage > 0.95 holds"));
    assertThat(paused.code(), is(12));
    Cli.Result back = run("stage", "check", "--epoch", "47", "--loss", "9");
    assertThat(back.out(), containsString("switched from finetuning to pretraining"));
    assertThat(back.code(), is(10));
    Cli.Result stays = run("stage", "check", "--epoch", "48", "--loss", "9");
    assertThat(stays.out(), containsString("no earlier stage is there to go back to"));
    assertThat(stays.code(), is(0));
  }

  @Test
  void an_environment_is_laid_over_and_explained() throws IOException {
    JsonNode explained = json("explain", "--environment", "production");
    List<String> settings = new ArrayList<>();
    explained
        .get("settings")
        .forEach(s -> settings.add(s.get("name").asText() + " " + s.get("value").asText()));
    assertThat(settings, hasItem("switch_strategy.mode hybrid -> auto"));
    Cli.Result unknown = run("explain", "--environment", "prodution");
    assertThat(unknown.code(), is(2));
    assertThat(unknown.err(), containsString("did you mean \"production\"?"));
  }
}
