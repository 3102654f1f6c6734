package dev.mixdown.configs.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import dev.mixdown.configs.datasets.DatasetConfigReader;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.stages.StageCatalogReader;
import dev.mixdown.configs.syntax.Problems;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake has its own message, with its place and its remedy. */
class ConfigProblemsTest {
  private static List<String> problems(String json) {
    Problems problems = new Problems();
    new DatasetConfigReader("c.json", List.of(), problems).read(json);
    return problems.list().stream().map(Problem::toString).toList();
  }

  private static List<String> stages(String yaml) {
    Problems problems = new Problems();
    new StageCatalogReader("s.yaml", Optional.empty(), problems).read(yaml);
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void all_problems_of_a_config_are_found_in_one_reading() {
    List<String> found =
        problems(
            """
            {"meta": {"stage_config": {"sampling_strategy": "balansed", "suffle": true}},
             "dataset_index": [
              {"name": "a", "obs_path": "a.jsonl", "stage_wieght": 0.5},
              {"name": "b", "obs_path": "b.jsonl", "stage_weight": -0.5},
              {"name": "b", "obs_path": "c.jsonl", "stage_weight": "0.5", "stage_weight": 1}]}
            """);
    assertThat(
        found,
        containsInAnyOrder(
            containsString("c.json:1:49: sampling_strategy is the text \"balansed\"; it has to be"),
            containsString("c.json:1:61: unknown key \"suffle\"; did you mean \"shuffle\"?"),
            containsString(
                "c.json:3:40: unknown key \"stage_wieght\"; did you mean \"stage_weight\"?"),
            containsString("c.json:4:56: stage_weight is -0.5; it may not be below 0"),
            containsString("c.json:5:3: a dataset called \"b\" stands already in line 4"),
            containsString(
                "c.json:5:56: stage_weight is the text \"0.5\"; a number is expected, without quotes"),
            containsString("c.json:5:63: the key \"stage_weight\" is here a second time")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"dataset_index\": [ | no valid JSON",
        "{\"dataset_index\": []} | dataset_index is empty",
        "[] | the document is a list; an object is expected",
        "{} | the key \"dataset_index\" is missing",
        "{\"dataset_index\": [{\"obs_path\": \"p\"}]} | dataset_index[0]: the key \"name\" is missing",
        "{\"dataset_index\": [{\"name\": \"n\", \"obs_path\": \"p\", \"enabled\": false}]} | no dataset is enabled",
        "{\"dataset_index\": [{\"name\": \"n\", \"obs_path\": \"p\", \"duplicate\": 1e999}]} | more than a hundred digits",
        "{\"meta\": {\"stage_config\": {\"shuffle_block\": 10, \"rows_per_part\": 25}}, \"dataset_index\": [{\"name\": \"n\", \"obs_path\": \"p\"}]} | near it are 20 and 30",
        "{\"meta\": {\"stage_config\": {\"sampling_strategy\": \"unimax\"}}, \"dataset_index\": [{\"name\": \"n\", \"obs_path\": \"p\"}]} | say how much with total_clips",
        "{\"meta\": {\"stage_config\": {\"data_ratio\": {\"x\": 1}}}, \"dataset_index\": [{\"name\": \"n\", \"obs_path\": \"p\", \"category\": \"y\"}]} | is not in data_ratio",
        "{\"dataset_index\": [{\"name\": \"n\", \"obs_path\": \"p\", \"stage_weight\": 1}, {\"name\": \"m\", \"obs_path\": \"q\"}]} | give all of them one, or none",
        "{\"dataset_index\": [{\"name\": \"n\", \"obs_path\": \"p\"}]} {} | after the end of the JSON value",
      })
  void a_mistake_in_a_dataset_config_has_its_message(String json, String message) {
    assertThat(problems(json), hasItem(containsString(message)));
  }

  @Test
  void an_alias_bomb_is_refused_quickly() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String ref = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n"
              .formatted(
                  i, i, String.join(", ", List.of(ref, ref, ref, ref, ref, ref, ref, ref, ref))));
    }
    assertThat(
        stages(bomb.toString()),
        hasItem(containsString("aliases make this document larger than 1,000,000 values")));
  }

  @Test
  void mistakes_in_the_stages_have_their_places() {
    assertThat(
        stages(
            """
            stages:
              one: {config_fille: a.json}
              one: {config_file: b.json}
              ../up: {config_file: c.json}
            default_stage: oen
            switch_strategy: {mode: automatic}
            """),
        containsInAnyOrder(
            containsString(
                "s.yaml:2:9: unknown key \"config_fille\"; did you mean \"config_file\"?"),
            containsString("s.yaml:3:3: the key \"one\" is here a second time"),
            containsString("s.yaml:4:10: the key \"../up\" of a stage has one of / "),
            containsString("s.yaml:5:16: there is no stage \"oen\"; did you mean \"one\"?"),
            containsString("s.yaml:6:25: mode is the text \"automatic\"")));
    assertThat(stages("stages: [\n"), hasItem(containsString("s.yaml:2:1: no valid YAML")));
    assertThat(stages("stages: &a {x: *a}"), hasItem(containsString("contains it")));
  }

  private static String mix(String stageConfig) {
    return "{\"meta\": {\"stage_config\": {%s}}, \"dataset_index\": [{\"name\": \"n\", \"obs_path\": \"p\"}]}"
        .formatted(stageConfig);
  }

  @Test
  void numbers_have_bounds_and_so_has_depth() {
    String digits = "1".repeat(300_000);
    assertThat(
        problems(mix("\"temperature\": " + digits)),
        contains(containsString("a number has 300,000 characters; at most 100 digits")));
    assertThat(
        problems(mix("\"seed\": 1e999999999")),
        contains(containsString("is beyond what can be read")));
    for (String temperature : List.of("1e-5", "0", "1000.1")) {
      assertThat(
          problems(mix("\"temperature\": " + temperature)),
          contains(containsString("it has to be from 0.001 to 1000")));
    }
    assertThat(problems(mix("\"temperature\": 0.001")), is(List.of()));
    String deep = "[".repeat(2_000) + "]".repeat(2_000);
    assertThat(
        problems("{\"stage_metrics\": " + deep + "}"),
        contains(containsString("nested deeper than 1000 levels")));
    assertThat(
        stages("stages: {}\nglobal_config: " + deep),
        contains(containsString("nested deeper than 200 levels")));
    assertThat(
        stages("stages: {}\nglobal_config: " + "[".repeat(190) + "]".repeat(190)), is(List.of()));
  }

  @Test
  void the_same_key_in_two_places_has_to_say_the_same() {
    assertThat(
        problems(
            mix(
                "\"sampling_strategy\": \"balanced\", \"data_strategy\": {\"sampling_method\": \"targeted\"}")),
        contains(
            allOf(
                containsString("sampling_method is the text \"targeted\" here"),
                containsString("but the text \"balanced\" at c.json:1:"))));
    assertThat(problems(mix("\"seed\": 4, \"data_strategy\": {\"seed\": 4.0}")), is(List.of()));
    assertThat(
        problems(mix("\"data_strategy\": {\"shufle\": true}")),
        contains(containsString("did you mean \"shuffle\"?")));
  }

  @Test
  void a_password_in_a_path_is_refused_and_not_shown() {
    List<String> found =
        problems(
            "{\"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"s3://ana:pa55@b/x.jsonl\"}]}");
    assertThat(found, contains(containsString("obs_path has a user's name or password in it")));
    assertThat(found.toString().contains("pa55"), is(false));
  }

  @Test
  void what_is_disabled_is_absent_in_every_check() {
    String index =
        """
        {"meta": {"stage_config": {"data_ratio": {"a": 1}}}, "dataset_index": [
          {"name": "a_1", "obs_path": "p", "stage_weight": 1},
          {"name": "b_1", "obs_path": "q", "category": "b", "enabled": false},
          {"name": "a_2", "obs_path": "r", "enabled": false}]}
        """;
    assertThat(problems(index), is(List.of()));
    assertThat(
        problems(index.replace("\"category\": \"b\", \"enabled\": false", "\"category\": \"b\"")),
        contains(containsString("category \"b\" of dataset \"b_1\" is not in data_ratio: add it")));
  }

  @Test
  void data_that_is_not_there_is_left_out_or_an_error_where_all_is_needed() {
    String index =
        """
        {"meta": {"status": "%s"}, "dataset_index": [
          {"name": "a", "obs_path": "p", "status": "produced"},
          {"name": "b", "obs_path": "", "status": "%s"}]}
        """;
    assertThat(problems(index.formatted("producing", "pending")), is(List.of()));
    assertThat(problems(index.formatted("producing", "failed")), is(List.of()));
    assertThat(
        problems(index.formatted("completed", "failed")),
        contains(containsString("dataset \"b\" is failed, but this config needs all of its data")));
    assertThat(
        problems(index.formatted("producing", "produced")),
        contains(containsString("obs_path is empty")));
    assertThat(
        problems(index.formatted("producing", "pendng")),
        hasItem(containsString("did you mean \"pending\"?")));
  }
}
