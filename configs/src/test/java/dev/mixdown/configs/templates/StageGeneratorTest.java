package dev.mixdown.configs.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.templates.StageGenerator.Generated;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StageGeneratorTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  private static final Path DEMO = Path.of(System.getProperty("mixdown.root"), "configs/demo");

  @TempDir Path folder;

  private static Generated generate(
      Path repository, String base, String stage, Optional<Template> template, String ratio)
      throws IOException {
    return new StageGenerator(
            new ReleaseRepository(STORAGE, repository.toString(), Map.of()),
            LocalDateTime.parse("2025-09-23T10:30:00"))
        .generate(
            base,
            stage,
            template,
            ratio.isEmpty() ? Map.of() : Ratios.parse(ratio),
            "stages/" + stage + ".json");
  }

  @Test
  void the_specifications_example_gives_a_stage_with_the_ratio_and_the_stages_usual_settings()
      throws IOException {
    Generated generated =
        generate(
            DEMO,
            "training_dataset.json",
            "pretraining",
            Optional.empty(),
            "highway:0.4,urban:0.3,parking:0.3");
    MixSettings mix = generated.config().mix();
    assertThat(mix.strategy(), is(Optional.of(Strategy.BALANCED)));
    assertThat(mix.maxClipsPerDataset(), is(Optional.of(100_000L)));
    assertThat(mix.dataRatio().get("parking"), is(new BigDecimal("0.3")));
    assertThat(generated.config().releaseName(), is(Optional.of("Pretraining_20250923")));
    assertThat(
        generated.warnings().stream().map(Problem::message).toList(),
        contains(containsString("data_ratio asks for category \"parking\", which no dataset has")));
    assertThat(note(generated, "stage_config.data_ratio"), is("as asked for"));
    assertThat(note(generated, "stage_config.shuffle"), is("template pretraining"));
  }

  private static Object note(Generated generated, String key) {
    return generated
        .config()
        .root()
        .find("meta", "x_filled_in", key)
        .map(Node::plain)
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Template.class)
  void every_template_gives_a_config_without_problems_from_any_base_of_the_demo(Template template)
      throws IOException {
    for (String base :
        List.of(
            "training_dataset.json",
            "stages/pretraining.json",
            "stages/finetuning.json",
            "stages/evaluation.json")) {
      Generated generated = generate(DEMO, base, "custom", Optional.of(template), "");
      DatasetConfig old =
          new ReleaseRepository(STORAGE, DEMO.toString(), Map.of())
              .config(DEMO.resolve(base).toString(), new Problems())
              .orElseThrow();
      assertThat(
          generated.config().root().find("dataset_index").orElseThrow().plain(),
          is(old.root().find("dataset_index").orElseThrow().plain()));
      assertThat(generated.config().stage(), is(Optional.of("custom")));
      assertThat(generated.config().version(), is(old.version()));
      assertThat(
          generated.warnings().stream().filter(w -> w.message().contains("add to")).toList(),
          is(empty()));
    }
  }

  @Test
  void notes_of_the_base_stay_and_numbers_stay_as_exact_as_they_were() throws IOException {
    Files.writeString(
        folder.resolve("base.json"),
        """
        {"x_owner": "Anna", "meta": {"x_why": "a test", "stage_config": {"seed": 123456789012345678, "temperature": 0.1000}},
         "dataset_index": [{"name": "ü \\"q\\"", "obs_path": "a/*.jsonl", "duplicate": 2.50, "x_note": {"k": [1]}}]}
        """);
    Generated generated = generate(folder, "base.json", "fresh", Optional.empty(), "");
    assertThat(generated.text(), containsString("\"x_owner\": \"Anna\""));
    assertThat(generated.text(), containsString("\"x_why\": \"a test\""));
    assertThat(generated.text(), containsString("\"seed\": 123456789012345678"));
    assertThat(
        generated.text(),
        containsString(
            "    {\"name\": \"ü \\\"q\\\"\", \"obs_path\": \"a/*.jsonl\", \"duplicate\": 2.50, \"x_note\": {\"k\": [1]}}\n"));
    assertThat(note(generated, "stage_config.sampling_strategy"), is("the usual one"));
  }

  @Test
  void a_chosen_template_wins_over_the_base_and_an_implied_one_does_not() throws IOException {
    Files.writeString(
        folder.resolve("base.json"),
        """
        {"meta": {"stage_config": {"shuffle": true, "seed": 5, "sampling_strategy": "uniform"}},
         "dataset_index": [{"name": "d", "obs_path": "d.jsonl"}]}
        """);
    MixSettings implied =
        generate(folder, "base.json", "finetuning", Optional.empty(), "").config().mix();
    assertThat(implied.shuffle(), is(true));
    assertThat(implied.strategy(), is(Optional.of(Strategy.UNIFORM)));
    assertThat(implied.difficultyProgression(), is(true));
    MixSettings chosen =
        generate(folder, "base.json", "x", Optional.of(Template.FINETUNING), "").config().mix();
    assertThat(chosen.shuffle(), is(false));
    assertThat(chosen.strategy(), is(Optional.of(Strategy.TARGETED)));
    assertThat(chosen.seed(), is(5L));
    // Its ratios are for other datasets than these.
    assertThat(chosen.dataRatio().keySet(), is(empty()));
  }

  @Test
  void what_could_not_be_used_is_not_made() throws IOException {
    assertThat(
        assertThrows(
                ConfigException.class,
                () -> generate(folder, "none.json", "s", Optional.empty(), ""))
            .getMessage(),
        containsString("name the config to take datasets from with --base-config"));
    Files.writeString(
        folder.resolve("base.json"),
        "{\"dataset_index\": [{\"name\": \"a_1\", \"obs_path\": \"d\", \"stage_weight\": 0}]}");
    assertThat(
        assertThrows(
                ConfigException.class,
                () -> generate(folder, "base.json", "s", Optional.empty(), "a:1"))
            .getMessage(),
        containsString("stages/s.json:"));
  }

  @Test
  void ratios_are_read_exactly() {
    assertThat(
        Ratios.parse("highway:0.4, urban : 0.30,others:1").toString(),
        is("{highway=0.4, urban=0.30, others=1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "a", "a:", ":1", "a:b", "a:1,", "a:-1", "a:1,a:2", "a:1:2", "a:1e5"})
  void what_is_no_ratio_is_refused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Ratios.parse(text));
  }
}
