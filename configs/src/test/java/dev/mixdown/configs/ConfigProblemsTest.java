package dev.mixdown.configs;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;

import dev.mixdown.configs.tree.Problem;
import dev.mixdown.configs.tree.Problems;
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
}
