package dev.mixdown.configs.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.mixdown.configs.datasets.DatasetConfigReader;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.StageCatalogReader;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published schemas and the reader accept the same files. */
class SchemasTest {
  private static final Path CONFIGS = Path.of(System.getProperty("mixdown.root"), "configs");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the reader finds beyond a schema: how values fit together. */
  private static final Pattern SEMANTIC =
      Pattern.compile(
          "stands already in line|no dataset is enabled|is not in data_ratio|has no stage_weight"
              + "|not a multiple of|difficulty_level is|there is no stage|every ratio"
              + "|shares out a total|counts records|same character|more than a hundred digits"
              + "|keep one of them|needs all of its data|min_duration is above");

  /** Values that replace others, one at a time. */
  private static final List<String> REPLACEMENTS =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "0.5",
          "3",
          "\"\"",
          "\"text\"",
          "\"balanced\"",
          "[]",
          "{}",
          "[1]",
          "[\"a\"]",
          "{\"a\": 1}",
          "9007199254740993",
          "\"loss < 0.1\"",
          "\"loss <\"",
          "\"loss ≤ 1\"",
          "\"epoch >= 5 and loss < 1\"");

  private static JsonSchema schema(String name) throws IOException {
    String text = Files.readString(CONFIGS.resolve("schemas/" + name + ".schema.json"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(text);
  }

  private static Problems readDatasets(String text, String file) {
    Problems problems = new Problems();
    new DatasetConfigReader(file, List.of(), problems).read(text);
    return problems;
  }

  private static Problems readCatalog(String text, String file) {
    Problems problems = new Problems();
    new StageCatalogReader(file, Optional.empty(), problems).read(text);
    return problems;
  }

  private static Problems readActive(String text, String file) {
    Problems problems = new Problems();
    ActiveStage.read(text, file, problems);
    return problems;
  }

  private static JsonNode yaml(String text) {
    Node root = YamlTree.read(text, "test", new Problems()).orElseThrow();
    return JSON.valueToTree(root.plain());
  }

  @Test
  void every_file_of_the_demo_release_is_accepted_by_its_schema_and_by_the_reader()
      throws IOException {
    int files = 0;
    try (Stream<Path> all = Files.walk(CONFIGS.resolve("demo"))) {
      for (Path file : (Iterable<Path>) all.filter(f -> f.toString().endsWith(".json"))::iterator) {
        String text = Files.readString(file);
        assertThat(file.toString(), readDatasets(text, "f").list(), is(List.of()));
        assertThat(schema("dataset_config").validate(JSON.readTree(text)).toString(), is("[]"));
        files++;
      }
    }
    assertThat(files, greaterThan(5));
    String catalog = Files.readString(CONFIGS.resolve("demo/stage_config.yaml"));
    assertThat(readCatalog(catalog, "f").list(), is(List.of()));
    assertThat(schema("stage_config").validate(yaml(catalog)).toString(), is("[]"));
    String active = Files.readString(CONFIGS.resolve("demo/active_stage.yaml"));
    assertThat(readActive(active, "f").list(), is(List.of()));
    assertThat(schema("active_stage").validate(yaml(active)).toString(), is("[]"));
  }

  @Test
  void one_change_anywhere_in_a_dataset_config_is_judged_alike() throws IOException {
    String all =
        """
        {"meta": {"stage": "s", "release_name": "r", "consumer_version": "v", "bundle_versions": ["b"],
          "created_at": "c", "description": "d", "version": "v1", "x_note": 3, "stage_config": {
            "data_ratio": {"a": 0.4, "others": 1}, "sampling_strategy": "balanced",
            "max_clips_per_dataset": 10, "min_clips_per_dataset": 2, "shuffle": true,
            "augmentation": {"enabled": true, "methods": ["m"]}, "difficulty_progression": true,
            "seed": 1, "total_clips": 5, "shortfall": "repeat", "temperature": 2,
            "category_field": "c", "difficulty_field": "d", "difficulty_levels": ["x", "y"],
            "weight_unit": "bytes", "identity_field": "id", "shuffle_block": 4, "rows_per_part": 8,
            "strict": false, "training_mode": "t", "evaluation_config": {"a": 1},
            "data_strategy": {"sampling_method": "balanced", "balanced_sampling": true, "seed": 1},
            "data_processing": {"normalization": {"enabled": true}, "filtering": {
              "quality_threshold": 0.5, "quality_field": "q", "min_duration": 1, "max_duration": 9,
              "duration_field": "s", "remove_duplicates": true, "complexity_filter": "x"},
              "samples": {"continue": {"manifest": "pretraining", "consumed": 5},
               "exclude": [{"stage": "s"}, {"manifest": "00112233445566778899"}],
               "replay": [{"stage": "s", "share": 0.1, "only_consumed": true}],
               "hold_out": {"auto": true, "against": [{"stage": "e"}, {"dataset": "d/*.jsonl"}],
                "policy": "exclude", "allow": [{"identity": "00f3000000000000", "reason": "r"}]},
               "content_fields": ["a", "b"], "normalise": true}},
            "loading_config": {"batch_size": 4, "num_workers": 2},
            "curriculum_learning": {"enabled": true, "difficulty_levels": ["x", "y"]}},
            "status": "produced", "produced_at": "p", "training_type": "regular", "tasks": ["t"]},
         "dataset_index": [
          {"name": "a_1", "obs_path": "p", "bundle_versions": ["b"], "duplicate": 1.5,
           "stage_weight": 1, "sampling_priority": "high", "enabled": true, "difficulty_level": "x",
           "category": "a", "format": "csv", "csv": {"delimiter": ";", "quote": "'", "header": false},
           "status": "produced", "produced_at": "p", "task_tags": ["t"],
           "metadata": {"scenario_type": "a", "estimated_clips": 5}},
          {"name": "c_1", "obs_path": "", "status": "pending"},
          {"name": "b_1", "obs_path": "q", "stage_weight": 2}],
         "validation_dataset": {"enabled": true, "split_ratio": 0.1, "stratified": true, "datasets": [
           {"name": "v", "obs_path": "w", "clips_count": 3, "format": "jsonl"}]},
         "benchmark_datasets": {"datasets": [{"name": "m", "obs_path": "n", "description": "d"}]},
         "stage_metrics": {"a": 1}, "transfer_learning": {}, "evaluation_protocol": []}
        """;
    compare("dataset_config", JSON.readTree(all), SchemasTest::readDatasets);
  }

  @Test
  void one_change_anywhere_in_the_stages_is_judged_alike() throws IOException {
    String text =
        Files.readString(CONFIGS.resolve("demo/stage_config.yaml"))
                .replace(
                    "mode: \"auto\"",
                    "mode: auto\n  auto_rollback: true\n  rollback_conditions:\n"
                        + "    - {metric: loss, operator: \">\", threshold: -8, action: pause}")
                .replace(
                    "        condition: \"pretraining_complete\"",
                    "        condition: \"pretraining_complete\"\n        description: d\n"
                        + "      - {metric: loss, threshold: 0.1, operator: \"<\"}\n"
                        + "      - accuracy > 0.9")
            + """
            global_config: {a: 1}
            environments: {dev: {switch_strategy: {mode: manual}, global_config: {a: 2}}}
            compatibility: {legacy_support: true, legacy_config_file: training_dataset.json}
            security: {allowed_config_paths: [stages/], allowed_env_vars: [TRAINING_STAGE]}
            """;
    assertThat(readCatalog(text, "f").list(), is(List.of()));
    compare("stage_config", yaml(text), SchemasTest::readCatalog);
  }

  @Test
  void one_change_anywhere_in_the_active_stage_is_judged_alike() throws IOException {
    String text =
        Files.readString(CONFIGS.resolve("demo/active_stage.yaml"))
            + """
            progress: {first_epoch: 1, first_at: t, epoch: 2, at: t, checked_epoch: 2, events: [e]}
            proposal: {stage: s, condition: c, proposed_at: t, metrics: {loss: 0.1}}
            last_switch: {switch: 3}
            config_file: stages/pretraining.json
            current_metrics: {epoch: 0}
            runtime_status: {is_active: true}
            """;
    compare("active_stage", yaml(text), SchemasTest::readActive);
  }

  private static void compare(
      String schemaName, JsonNode original, BiFunction<String, String, Problems> reader)
      throws IOException {
    JsonSchema schema = schema(schemaName);
    List<JsonNode> changed = new ArrayList<>();
    change(original, original, changed);
    assertThat(changed.size(), greaterThan(100));
    for (JsonNode document : changed) {
      List<Problem> found = reader.apply(document.toString(), "f").list();
      boolean onlySemantic =
          !found.isEmpty() && found.stream().allMatch(p -> SEMANTIC.matcher(p.message()).find());
      boolean accepted = schema.validate(document).isEmpty();
      if (!onlySemantic) {
        assertThat(document + "\nreader: " + found, accepted, is(found.isEmpty()));
      }
    }
  }

  /** Every document that differs from the original in one place. */
  private static void change(JsonNode root, JsonNode at, List<JsonNode> changed)
      throws IOException {
    if (at instanceof ObjectNode object) {
      for (String key : List.copyOf(object.properties().stream().map(e -> e.getKey()).toList())) {
        JsonNode old = object.get(key);
        object.remove(key);
        changed.add(root.deepCopy());
        object.set(key + "_typo", old);
        changed.add(root.deepCopy());
        object.remove(key + "_typo");
        for (String replacement : REPLACEMENTS) {
          object.set(key, JSON.readTree(replacement));
          changed.add(root.deepCopy());
        }
        object.set(key, old);
        change(root, old, changed);
      }
    } else if (at instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode old = array.get(i);
        for (String replacement : REPLACEMENTS) {
          array.set(i, JSON.readTree(replacement));
          changed.add(root.deepCopy());
        }
        array.set(i, old);
        change(root, old, changed);
      }
    }
  }
}
