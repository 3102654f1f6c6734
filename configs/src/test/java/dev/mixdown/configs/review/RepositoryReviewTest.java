package dev.mixdown.configs.review;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.review.RepositoryReview.Outcome;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that is wrong is found, with its place, pointer and remedy; what is right is not. */
class RepositoryReviewTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  private static final Path DEMO = Path.of(System.getProperty("mixdown.root"), "configs/demo");
  private static final String GOOD =
      "{\"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\"}]}";

  @TempDir Path folder;

  private void file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private RepositoryReview review() {
    return new RepositoryReview(new ReleaseRepository(STORAGE, folder.toString(), Map.of()));
  }

  private static List<String> texts(List<Problem> problems) {
    return problems.stream().map(p -> p.pointer() + " " + p.message()).toList();
  }

  @Test
  void the_demo_release_has_no_errors_and_no_warnings() throws IOException {
    Outcome found =
        new RepositoryReview(new ReleaseRepository(STORAGE, DEMO.toString(), Map.of())).all();
    assertThat(found.errors(), is(empty()));
    assertThat(found.warnings(), is(empty()));
    assertThat(found.files(), hasSize(9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "e | {\"meta\": {\"stage_config\": {\"data_ratio\": {\"a\": 1}}}, \"dataset_index\": [{\"name\": \"a_1\", \"obs_path\": \"p\", \"stage_weight\": 0}]} | /dataset_index/0/stage_weight every stage_weight of category \"a\" is 0",
        "e | {\"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"p\", \"stage_weight\": 0}, {\"name\": \"b\", \"obs_path\": \"q\", \"stage_weight\": 0.0}]} | every stage_weight is 0, so nothing would be given",
        "e | {\"dataset_index\": [{\"name\": \"a\", \"obs_path\": \"p\", \"duplicate\": 0}]} | /dataset_index/0/duplicate every dataset has duplicate 0",
        "w | {\"meta\": {\"stage_config\": {\"data_ratio\": {\"d\": 0.5, \"x\": 0.5}}}, \"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\"}]} | /meta/stage_config/data_ratio/x data_ratio asks for category \"x\", which no dataset has",
        "e | {\"meta\": {\"stage_config\": {\"strict\": true, \"data_ratio\": {\"d\": 0.5, \"x\": 0.5}}}, \"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\"}]} | data_ratio asks for category \"x\"",
        "w | {\"meta\": {\"stage_config\": {\"data_ratio\": {\"d\": 0.9}}}, \"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\"}]} | /meta/stage_config/data_ratio the ratios of data_ratio add to 0.9, not 1",
        "w | {\"meta\": {\"stage_config\": {\"data_ratio\": {\"d\": 1}}}, \"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\"}, {\"name\": \"z\", \"obs_path\": \"d.jsonl\"}]} | /dataset_index/1 dataset \"z\" is in category \"others\", to which data_ratio gives nothing",
        "e | {\"meta\": {\"bundle_versions\": [\"v1\"]}, \"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\", \"bundle_versions\": [\"v2\"]}]} | /dataset_index/0/bundle_versions dataset \"d\" is of bundle v2, the stage of v1",
        "w | {\"meta\": {\"bundle_versions\": [\"v1\", \"v2\"]}, \"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\", \"bundle_versions\": [\"v2\"]}]} | /meta/bundle_versions no dataset is of bundle v1",
        "w | {\"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"gs://b/d.jsonl\"}]} | gs:// paths cannot be opened; these can: local paths",
        "w | {\"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"none.jsonl\"}]} | /dataset_index/0/obs_path obs_path \"none.jsonl\" of dataset \"d\": no file is there; looked for",
        "e | {\"dataset_index\": [} | no valid JSON",
      })
  void a_dataset_config_that_reads_well_may_be_wrong(String kind, String json, String message)
      throws IOException {
    file("d.jsonl", "{}\n");
    file("c.json", json);
    Outcome found = review().file("c.json");
    List<Problem> expected = kind.equals("e") ? found.errors() : found.warnings();
    List<Problem> others = kind.equals("e") ? found.warnings() : found.errors();
    assertThat(texts(expected), hasItem(containsString(message)));
    assertThat(expected, hasSize(1));
    if (kind.equals("w")) {
      assertThat(others, is(empty()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "e | one: {config_file: none.json} | /stages/one/config_file config_file \"none.json\" does not exist",
        "e | one: {config_file: c.json, auto_switch_conditions: [{epoch: 5, condition: \"epoch < 3\"}]} | reachable by no condition: epoch >= 5 and epoch < 3 cannot hold together",
        "e | one: {config_file: c.json, auto_switch_conditions: [{condition: \"loss > 1\"}, {condition: \"loss < 1\"}]} | loss > 1 and loss < 1 cannot hold together",
        "w | two: {config_file: c.json} | /stages/two stage \"two\" is reachable by no condition, only by hand; give it auto_switch_conditions, or say so with trigger_mode: manual",
        "w | one: {config_file: c.json, priority: 1}, two: {config_file: c.json, priority: 1, trigger_mode: manual} | /stages/two/priority priority 1 is that of stage \"one\" too",
        "w | zero: {config_file: c.json, priority: 0, auto_switch_conditions: [{epoch: 1}]} | it is the first in order, and only stages after the active one are entered",
        "e | ab: {trigger_mode: manual, variants: {a: {config_file: c.json, weight: 0}}} | /stages/ab/variants the weights of the variants of \"ab\" are all 0",
        "w | ab: {trigger_mode: manual, variants: {a: {config_file: c.json, weight: 0.5}, b: {config_file: e.json, weight: 0.7}}} | the weights of the variants of \"ab\" add to 1.2, not 1",
        "w | ab: {trigger_mode: manual, variants: {a: {config_file: c.json, weight: 1}, b: {config_file: e.json, weight: 0}}} | only one variant of \"ab\" has a weight above 0",
        "w | ab: {trigger_mode: manual, config_file: c.json, variants: {a: {config_file: c.json}, b: {config_file: e.json}}} | has variants, so its own config_file is never used",
        "w | ab: {trigger_mode: manual, variants: {a: {config_file: c.json}, b: {config_file: c.json}}} | /stages/ab/variants/b variant \"b\" has the same config as \"a\"",
        "w | one: {config_file: s.json} | /meta/stage meta.stage is \"other\", but stage \"one\" uses this file",
      })
  void stages_that_read_well_may_be_wrong(String kind, String stages, String message)
      throws IOException {
    file("d.jsonl", "{}\n");
    file("c.json", GOOD);
    file("e.json", GOOD);
    file("s.json", "{\"meta\": {\"stage\": \"other\"}, " + GOOD.substring(1));
    String defaults = stages.startsWith("one") ? "" : "one: {config_file: c.json, priority: 9}, ";
    file("stage_config.yaml", "stages: {%s%s}\ndefault_stage: one\n".formatted(defaults, stages));
    Outcome found = review().all();
    assertThat(
        texts(kind.equals("e") ? found.errors() : found.warnings()),
        contains(containsString(message)));
    assertThat(kind.equals("e") ? found.warnings() : found.errors(), is(empty()));
  }

  @Test
  void conditions_that_can_hold_together_are_not_called_contradictory() throws IOException {
    file("d.jsonl", "{}\n");
    file("c.json", GOOD);
    for (String conditions :
        List.of(
            "[{epoch: 5, condition: 'epoch < 6'}]",
            "[{condition: 'loss > 0.1'}, {condition: 'loss < 0.2'}, {condition: 'loss != 0.15'}]",
            "[{condition: 'a >= 1'}, {condition: 'a <= 1'}]",
            "[{condition: 'a > 1'}, {condition: 'b < 1'}]")) {
      file(
          "stage_config.yaml",
          "stages: {one: {config_file: c.json, auto_switch_conditions: %s}}\ndefault_stage: one\n"
              .formatted(conditions));
      assertThat(conditions, texts(review().all().errors()), is(empty()));
    }
  }

  @Test
  void an_active_stage_that_does_not_fit_is_told() throws IOException {
    file("d.jsonl", "{}\n");
    file("c.json", GOOD);
    file("stage_config.yaml", "stages: {one: {config_file: c.json}}\ndefault_stage: one\n");
    file(
        "active_stage.yaml",
        """
        current_stage: oen
        history:
          - {stage: one, activated_at: 2025-01-01 10:00:00, deactivated_at: 2025-01-03 10:00:00}
          - {stage: one, activated_at: 2025-01-02 10:00:00, deactivated_at: null}
        """);
    Outcome found = review().all();
    assertThat(
        texts(found.errors()),
        hasItem(containsString("/current_stage there is no stage \"oen\"; did you mean \"one\"?")));
    assertThat(
        texts(found.warnings()),
        contains(
            containsString("/history the last stage of the history is not current_stage"),
            containsString("/history/1 history overlaps")));
  }

  @Test
  void a_repository_with_only_a_training_dataset_is_good_and_one_with_nothing_is_not()
      throws IOException {
    assertThat(
        texts(review().all().errors()),
        contains(containsString("this is not a release repository")));
    file("d.jsonl", "{}\n");
    file("training_dataset.json", GOOD);
    assertThat(review().all().errors(), is(empty()));
    assertThat(
        texts(review().file("none.json").errors()),
        contains(containsString("there is no such file")));
  }
}
