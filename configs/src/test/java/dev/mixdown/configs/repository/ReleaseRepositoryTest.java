package dev.mixdown.configs.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which config applies: the order of the rules. */
class ReleaseRepositoryTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path repo;

  private static String config(String release) {
    return """
    {"meta": {"release_name": "%s"}, "dataset_index": [{"name": "a", "obs_path": "a.jsonl"}]}
    """
        .formatted(release);
  }

  private void file(String name, String text) throws IOException {
    Path file = repo.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void stages() throws IOException {
    file(
        "stage_config.yaml",
        """
        stages:
          one: {config_file: stages/one.json}
          two: {config_file: stages/two.json}
          bare: {name: "no config of its own"}
          ab: {variants: {a: {config_file: stages/a.json}, b: {config_file: stages/b.json}}}
        default_stage: one
        """);
    for (String name : new String[] {"one", "two", "a", "b"}) {
      file("stages/" + name + ".json", config(name));
    }
    file("training_dataset.json", config("training"));
  }

  private Resolution resolve(Map<String, String> environment, String stage, String variant)
      throws IOException {
    return new ReleaseRepository(STORAGE, repo.toString(), environment)
        .resolve(
            new StageChoice(
                Optional.ofNullable(stage), Optional.ofNullable(variant), Optional.empty()));
  }

  private String release(Map<String, String> environment, String stage, String variant)
      throws IOException {
    return resolve(environment, stage, variant).config().releaseName().orElseThrow();
  }

  @Test
  void the_argument_wins_then_TRAINING_STAGE_then_the_active_stage_then_the_default()
      throws IOException {
    stages();
    assertThat(release(Map.of(), null, null), is("one"));
    file("active_stage.yaml", "current_stage: two\nmine: kept\n");
    assertThat(release(Map.of(), null, null), is("two"));
    assertThat(release(Map.of("TRAINING_STAGE", "auto"), null, null), is("two"));
    assertThat(release(Map.of("TRAINING_STAGE", "one"), null, null), is("one"));
    assertThat(release(Map.of("TRAINING_STAGE", "one"), "two", null), is("two"));
  }

  @Test
  void the_variant_is_the_argument_then_AB_VARIANT_then_the_current_variant() throws IOException {
    stages();
    assertThat(release(Map.of("AB_VARIANT", "a"), "ab", "b"), is("b"));
    assertThat(release(Map.of("AB_VARIANT", "a"), "ab", null), is("a"));
    file("active_stage.yaml", "current_stage: ab\ncurrent_variant: b\n");
    assertThat(release(Map.of(), null, null), is("b"));
    assertThat(resolve(Map.of(), null, null).folder(), is("ab/b"));
  }

  @Test
  void a_forced_config_wins_over_the_stages_and_one_without_config_uses_training_dataset()
      throws IOException {
    stages();
    assertThat(release(Map.of("FORCE_DATASET_CONFIG", "stages/two.json"), "one", null), is("two"));
    assertThat(release(Map.of(), "bare", null), is("training"));
  }

  @Test
  void a_repository_without_stages_uses_training_dataset() throws IOException {
    file("training_dataset.json", config("training"));
    Resolution resolution = resolve(Map.of(), null, null);
    assertThat(resolution.configRule(), is("there are no stages"));
    assertThat(resolution.stage(), is("default"));
    assertThat(resolve(Map.of(), "named", null).stage(), is("named"));
  }

  @Test
  void STAGE_CONFIG_PATH_gives_the_place_of_the_stages_and_of_their_configs() throws IOException {
    file(
        "elsewhere/stage_config.yaml",
        "stages: {one: {config_file: c.json}}\ndefault_stage: one\n");
    file("elsewhere/c.json", config("elsewhere"));
    String folder = repo.resolve("elsewhere").toString();
    assertThat(release(Map.of("STAGE_CONFIG_PATH", folder), null, null), is("elsewhere"));
    assertThat(
        release(Map.of("STAGE_CONFIG_PATH", folder + "/stage_config.yaml"), null, null),
        is("elsewhere"));
  }

  @Test
  void what_cannot_be_resolved_is_said_with_what_there_is() throws IOException {
    stages();
    assertThat(problem(Map.of(), "tow", null), containsString("did you mean \"two\"?"));
    assertThat(
        problem(Map.of("TRAINING_STAGE", "onee"), null, null),
        containsString("there is no stage \"onee\" (TRAINING_STAGE names it)"));
    assertThat(problem(Map.of(), "ab", null), containsString("has the variants a, b; name one"));
    assertThat(problem(Map.of(), "ab", "c"), containsString("has no variant \"c\""));
    assertThat(problem(Map.of(), "one", "a"), containsString("has no variants"));
    Files.delete(repo.resolve("stages/one.json"));
    assertThat(
        problem(Map.of(), "one", null),
        containsString("stage_config.yaml:2:22: config_file \"stages/one.json\" does not exist"));
    assertThat(
        problem(Map.of("FORCE_DATASET_CONFIG", "no.json"), null, null),
        containsString("there is no such file; FORCE_DATASET_CONFIG names it"));
  }

  private String problem(Map<String, String> environment, String stage, String variant) {
    return assertThrows(ConfigException.class, () -> resolve(environment, stage, variant))
        .getMessage();
  }

  @Test
  void a_misspelt_key_of_the_active_stage_is_told_and_keys_of_ones_own_are_not()
      throws IOException {
    stages();
    file("active_stage.yaml", "curent_stage: two\nreviewed_by: me\n");
    assertThat(
        problem(Map.of(), null, null),
        is(
            repo.resolve("active_stage.yaml")
                + ":1:1: unknown key \"curent_stage\"; did you mean \"current_stage\"?"));
  }

  @Test
  void stages_that_cannot_be_read_are_the_one_thing_that_is_told() throws IOException {
    file("stage_config.yaml", "stages: [\n");
    assertThat(problem(Map.of(), null, null).lines().count(), is(1L));
    file("stage_config.yaml", "stages: {one: {config_file: c.json}}\ndefault_stage: onne\n");
    file("c.json", config("c"));
    file("training_dataset.json", config("training"));
    assertThat(
        problem(Map.of(), null, null),
        containsString("stage_config.yaml:2:16: there is no stage \"onne\""));
    assertThat(
        problem(Map.of("STAGE_CONFIG_PATH", "gs://b/stage_config.yaml"), null, null),
        is(
            "gs://b/stage_config.yaml: gs:// paths cannot be opened; these can: local paths, obs://, s3://"));
  }

  @Test
  void a_forced_config_needs_no_variant() throws IOException {
    stages();
    assertThat(release(Map.of("FORCE_DATASET_CONFIG", "stages/two.json"), "ab", null), is("two"));
  }

  @Test
  void an_empty_folder_is_no_release_repository() {
    assertThat(problem(Map.of(), null, null), containsString("this is not a release repository"));
  }
}
