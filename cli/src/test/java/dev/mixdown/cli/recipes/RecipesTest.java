package dev.mixdown.cli.recipes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.cli.registry.Schemas;
import dev.mixdown.configs.syntax.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on recipes, and what prepare makes of one. */
class RecipesTest {
  @TempDir Path folder;

  private Cli.Result run(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--repo", folder, "--registry", folder.resolve("registry")));
    return new Cli(folder.resolve("w")).run(all.toArray());
  }

  private Cli.Result recipes(Object... arguments) throws Exception {
    Files.createDirectories(folder.resolve("registry"));
    List<Object> all = new ArrayList<>(List.of("recipes"));
    all.addAll(List.of(arguments));
    return run(all.toArray());
  }

  private Path recipe(String name, String text) throws Exception {
    return TestFiles.write(folder.resolve("recipes/" + name), text);
  }

  private static List<String> ids(JsonNode document) {
    List<String> ids = new ArrayList<>();
    document.path("recipes").forEach(recipe -> ids.add(recipe.path("id").asText()));
    return ids;
  }

  @Test
  void built_in_recipes_those_of_the_repository_and_of_the_registry_are_listed() throws Exception {
    recipe("own.yaml", "id: own\nversion: 0.1.0\nextends: sft_basic\ntags: [mine]\n");
    recipe("deeper/none.yaml", "id: none\nversion: 0.1.0\nextends: sft_basic\n");
    recipe("notes.txt", "nothing");
    Path other =
        TestFiles.write(
            folder.resolve("o.yaml"), "id: other\nversion: 2.0.0\nextends: dpo_basic\n");
    assertThat(recipes("register", other).code(), is(0));
    JsonNode all = recipes("list", "--json").json();
    assertThat(ids(all).size(), is(11));
    assertThat(all.path("recipes").get(9).path("origin").asText(), is("repository"));
    assertThat(all.path("recipes").get(10).path("origin").asText(), is("registry"));
    assertThat(ids(recipes("list", "--tag", "mine", "--json").json()), contains("own"));
    assertThat(
        ids(recipes("list", "--task-type", "rlhf", "--json").json()),
        containsInAnyOrder("grpo_basic", "grpo_large_scale", "ppo_classic"));
    assertThat(recipes("list", "--task-type", "math_reasoning").out(), startsWith("No recipes"));
    assertThat(recipes("tags").out(), containsString("mine\n"));
    assertThat(recipes("tags", "--json").json().path("tags").size(), is(18));
    assertThat(
        Cli.plain("recipes", "task-types", "--json").json().path("task_types").size(), is(9));
  }

  @Test
  void names_that_nobody_knows_have_their_messages() throws Exception {
    assertThat(recipes("list", "--tag", "grpp").err(), containsString("did you mean \"grpo\"?"));
    assertThat(
        recipes("list", "--task-type", "rlfh").err(), containsString("did you mean \"rlhf\"?"));
    assertThat(recipes("show", "sft_basc").err(), containsString("did you mean \"sft_basic\"?"));
    assertThat(recipes("show", "sft_basic@9.9.9").err(), containsString("known are 1.0.0"));
    assertThat(recipes("show", "sft_basic@one").err(), containsString("is no version"));
    assertThat(recipes("show", "none.yaml").err(), containsString("there is no such file"));
    assertThat(recipes("versions", "nothing").code(), is(2));
  }

  @Test
  void a_registered_recipe_is_what_it_was_for_ever() throws Exception {
    Path base =
        recipe(
            "base.yaml",
            "id: base\nversion: 1.0.0\nextends: sft_basic\ndefault_config: {batch_size: 64}\n");
    Path file = recipe("team.yaml", "id: team\nversion: 1.0.0\nextends: base\n");
    Cli.Result first = recipes("register", file);
    assertThat(first.err(), first.code(), is(0));
    assertThat(
        recipes("register", file, "--json").json().path("registered").asBoolean(), is(false));
    Schemas.check(folder.resolve("registry"));
    // Its base may change; what is registered does not.
    Files.writeString(
        base, "id: base\nversion: 1.0.0\nextends: sft_basic\ndefault_config: {batch_size: 32}\n");
    Files.delete(file);
    JsonNode shown = recipes("show", "team", "--json").json();
    assertThat(shown.path("default_config").path("batch_size").asInt(), is(64));
    assertThat(first.out(), containsString(shown.path("sha256").asText()));
    assertThat(recipes("show", "team").out(), containsString("extends: base"));
    Path changed =
        TestFiles.write(folder.resolve("c.yaml"), "id: team\nversion: 1.0.0\nextends: dpo_basic\n");
    Cli.Result refused = recipes("register", changed);
    assertThat(refused.code(), is(2));
    assertThat(refused.err(), containsString("with other content"));
    Path next =
        TestFiles.write(folder.resolve("n.yaml"), "id: team\nversion: 1.1.0\nextends: dpo_basic\n");
    assertThat(recipes("register", next).code(), is(0));
    assertThat(recipes("versions", "team", "--json").json().path("versions").size(), is(2));
    // A built-in recipe is nobody else's.
    Path built =
        TestFiles.write(
            folder.resolve("b.yaml"), "id: sft_basic\nversion: 1.0.0\nextends: dpo_basic\n");
    assertThat(
        recipes("register", built).err(), containsString("is also in sft_basic.yaml (built in)"));
  }

  @Test
  void a_registered_recipe_that_was_changed_by_hand_is_named_and_left_out() throws Exception {
    Path file =
        TestFiles.write(folder.resolve("t.yaml"), "id: team\nversion: 1.0.0\nextends: sft_basic\n");
    recipes("register", file);
    Path entry = folder.resolve("registry/recipes/team@1.0.0.json");
    Files.writeString(entry, Files.readString(entry).replace("128", "256"));
    Cli.Result damaged = recipes("show", "team");
    assertThat(damaged.code(), is(2));
    assertThat(damaged.err(), containsString("team@1.0.0.json is damaged"));
    // So is one whose digest was made again, but not its hash.
    ObjectNode json = (ObjectNode) Json.read(Files.readAllBytes(entry));
    json.remove("content_sha256");
    Files.write(entry, Json.write(json));
    assertThat(
        recipes("show", "team").err(), containsString("was changed after it was registered"));
    assertThat(recipes("show", "sft_basic").code(), is(0));
  }

  @Test
  void a_copy_can_be_edited_and_used_at_once() throws Exception {
    Path copy = folder.resolve("recipes/my_sft.yaml");
    assertThat(recipes("copy", "sft_basic", copy).code(), is(0));
    JsonNode shown = recipes("show", "my_sft", "--json").json();
    assertThat(shown.path("name").asText(), is("My Sft"));
    assertThat(shown.path("version").asText(), is("1.0.0"));
    Cli.Result again = recipes("copy", "sft_basic", copy);
    assertThat(again.code(), is(2));
    assertThat(again.err(), containsString("is there already"));
    // Under its own id it is another version.
    recipes("copy", "dpo_basic", folder.resolve("recipes/dpo_basic.yaml"));
    assertThat(recipes("show", "dpo_basic", "--json").json().path("version").asText(), is("1.1.0"));
    assertThat(recipes("show", "dpo_basic", "--expanded").out(), containsString("version: 1.1.0"));
  }

  @Test
  void a_broken_recipe_of_the_repository_is_told_and_the_others_go_on() throws Exception {
    recipe("bad.yaml", "id: bad\nversion: 1\n");
    Cli.Result list = recipes("list");
    assertThat(list.code(), is(0));
    assertThat(list.err(), containsString("recipes/bad.yaml"));
    Cli.Result show = recipes("show", "bad");
    assertThat(show.code(), is(2));
    assertThat(show.err(), containsString("\"task_type\" is missing"));
    assertThat(show.err(), containsString("there is no such recipe"));
  }

  @Test
  void apply_explains_each_value_and_writes_a_config() throws Exception {
    Path config = folder.resolve("c.json");
    Cli.Result result =
        recipes(
            "apply",
            "sft_basic",
            "--model-size",
            "Llama-3.1-8B",
            "--gpus",
            "8",
            "--set",
            "num_epochs=2",
            "-o",
            config,
            "--json");
    assertThat(result.err(), result.code(), is(0));
    JsonNode document = result.json();
    assertThat(document.path("recipe_id").asText(), is("sft_basic"));
    assertThat(document.path("model_size").asText(), is("8B"));
    assertThat(document.path("changes").size(), is(document.path("config").size()));
    assertThat(Json.read(Files.readAllBytes(config)), is(document.path("config")));
    assertThat(
        recipes("apply", "sft_basic", "-o", config).err(), containsString("is there already"));
    Cli.Result text = recipes("apply", "sft_basic", "--model-size", "8B", "--gpus", "8");
    assertThat(text.out(), containsString("batch_size stays 128"));
    Path yaml = folder.resolve("c.yaml");
    recipes("apply", "general_chat_sft", "-o", yaml);
    // YAML 1.1 takes 2e-5 for text.
    assertThat(Files.readString(yaml), containsString("learning_rate: 0.00002"));
  }

  @Test
  void a_plan_that_cannot_be_made_names_numbers_that_can() throws Exception {
    Cli.Result result =
        recipes("apply", "sft_basic", "--model-size", "7B", "--gpus", "7", "--json");
    assertThat(result.code(), is(2));
    JsonNode alternatives = result.json().path("errors").get(0).path("alternatives");
    assertThat(alternatives.size(), is(4));
    for (JsonNode other : alternatives) {
      Cli.Result tried =
          recipes(
              "apply",
              "sft_basic",
              "--model-size",
              "7B",
              "--gpus",
              other.path("gpus").asText(),
              "--set",
              "batch_size=" + other.path("batch_size"));
      assertThat(tried.err(), tried.code(), is(0));
    }
  }

  @Test
  void bad_input_of_apply_is_told_all_at_once() throws Exception {
    Cli.Result result =
        recipes("apply", "sft_basic", "--model-size", "8x7B", "--memory", "much", "--set", "lr");
    assertThat(result.code(), is(2));
    assertThat(result.err(), containsString("3 problems"));
    assertThat(recipes("apply", "sft_basic", "--gpus", "0").err(), containsString("--gpus is 0"));
    assertThat(recipes("apply", "sft_basic", "--gpus", "-4").code(), is(2));
    assertThat(recipes("apply", "sft_basic", "--gpus", "many").code(), is(2));
    assertThat(
        recipes("apply", "sft_basic", "-o", "c.txt").err(), containsString(".json or .yaml"));
  }

  private Path data(String name, String... lines) throws Exception {
    return TestFiles.write(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  @Test
  void data_are_held_against_what_the_recipe_requires() throws Exception {
    Path data =
        data(
            "d.jsonl",
            "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}",
            "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"a\"}",
            "{\"prompt\": \"p\", \"chosen\": \" \", \"rejected\": \"b\"}",
            "{\"prompt\": \"p\", \"chosen\": \"a\"}");
    Cli.Result result = recipes("validate", "dpo_basic", "--data", data, "--json");
    assertThat(result.code(), is(3));
    JsonNode document = result.json();
    assertThat(document.path("valid").asBoolean(), is(false));
    assertThat(document.path("errors").size(), is(3));
    JsonNode found = document.path("data");
    assertThat(found.path("fields").path("rejected").asInt(), is(3));
    List<String> reasons = new ArrayList<>();
    found
        .path("failing")
        .forEach(
            f ->
                reasons.add(
                    f.path("examples").get(0).path("record") + " " + f.path("reason").asText()));
    assertThat(
        reasons,
        contains(
            "1 \"chosen\" and \"rejected\" are the same",
            "2 \"chosen\" is empty",
            "3 has no \"rejected\""));
    Cli.Result config =
        recipes(
            "validate", "grpo_basic", "--config", data("c.yaml", "rollout_n: 1", "batch_size: 64"));
    assertThat(config.code(), is(2));
    assertThat(config.err(), containsString("group-of-one"));
  }

  @Test
  void prepare_names_the_recipe_everywhere_and_its_id_stays() throws Exception {
    data(
        "d.jsonl",
        "{\"question\": \"q\", \"answer\": \"a\"}",
        "{\"question\": \"r\", \"answer\": \"b\"}");
    TestFiles.write(
        folder.resolve("training_dataset.json"),
        "{\"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\"}]}");
    Path out = folder.resolve("out");
    String plain =
        run("prepare", "--output", folder.resolve("plain"), "--json")
            .json()
            .path("manifest_id")
            .asText();
    Cli.Result result =
        run(
            "prepare",
            "--output",
            out,
            "--recipe",
            "math_reasoning_grpo",
            "--check-data",
            "--json");
    assertThat(result.err(), result.code(), is(0));
    assertThat(result.json().path("manifest_id").asText(), is(plain));
    assertThat(
        result.json().path("notes").toString(),
        containsString("there are 2 samples; the recipe was made for 1,000"));
    Path made = out.resolve("default/" + plain);
    JsonNode recipe = Json.read(Files.readAllBytes(made.resolve("manifest.json"))).path("recipe");
    assertThat(recipe.path("id").asText(), is("math_reasoning_grpo"));
    assertThat(
        recipe.path("sha256").asText(),
        is(recipes("show", "math_reasoning_grpo", "--json").json().path("sha256").asText()));
    assertThat(
        Json.read(Files.readAllBytes(made.resolve("training_info.json"))).path("recipe"),
        is(recipe));
    assertThat(
        Json.read(Files.readAllBytes(made.resolve("lineage.json"))).path("recipe"), is(recipe));
    List<JsonNode> runs = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("registry/runs"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        runs.add(Json.read(Files.readAllBytes(file)).path("recipe"));
      }
    }
    assertThat(runs, containsInAnyOrder(is(recipe), not(is(recipe))));
    Schemas.checkManifest(out.resolve("default"));
    // Without a recipe, the one that is there stays; another takes its place.
    assertThat(
        run("prepare", "--output", out, "--json").json().path("outcome").asText(), is("unchanged"));
    assertThat(
        run("prepare", "--output", out, "--recipe", "sft_basic", "--json")
            .json()
            .path("outcome")
            .asText(),
        is("renewed"));
    assertThat(
        Json.read(Files.readAllBytes(made.resolve("training_info.json")))
            .path("recipe")
            .path("id")
            .asText(),
        is("sft_basic"));
    Cli.Result valid = recipes("validate", "math_reasoning_grpo", "--manifest", made, "--json");
    assertThat(valid.json().path("data").path("records").asInt(), is(2));
  }

  @Test
  void data_that_a_recipe_cannot_use_keep_prepare_from_publishing() throws Exception {
    data("d.jsonl", "{\"question\": \"q\"}", "{\"question\": \"r\", \"answer\": \"b\"}");
    TestFiles.write(
        folder.resolve("training_dataset.json"),
        "{\"dataset_index\": [{\"name\": \"d\", \"obs_path\": \"d.jsonl\"}]}");
    Path out = folder.resolve("out");
    Cli.Result result =
        run("prepare", "--output", out, "--recipe", "math_reasoning_grpo", "--check-data");
    assertThat(result.code(), is(3));
    assertThat(
        result.err(),
        containsString(
            "the data are not what math_reasoning_grpo@1.0.0 requires; nothing was published"));
    assertThat(
        result.err(), containsString("d.jsonl: record 0: has no \"answer\" (dataset \"d\")"));
    assertThat(Files.exists(out.resolve("default")), is(false));
    assertThat(
        run("prepare", "--output", out, "--check-data").err(),
        containsString("name one with --recipe"));
  }

  @Test
  void real_data_are_found_to_fit_or_not() throws Exception {
    Path real = TestFiles.realData();
    Cli.Result maths =
        recipes(
            "validate",
            "math_reasoning_grpo",
            "--data",
            real.resolve("gsm8k/train.jsonl"),
            "--json");
    assertThat(maths.code(), is(0));
    assertThat(maths.json().path("data").path("fields").path("answer").asInt(), is(7473));
    Cli.Result alpaca =
        recipes("validate", "sft_basic", "--data", real.resolve("alpaca/seed_tasks.jsonl"));
    assertThat(alpaca.code(), is(3));
    assertThat(alpaca.err(), containsString("175 of 175 records: has no \"output\""));
  }
}
