package dev.mixdown.recipes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.checking.ConfigRules;
import dev.mixdown.recipes.checking.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The nine recipes that come with mixdown. */
class BuiltInRecipesTest {
  private static final RecipeLibrary LIBRARY = new RecipeLibrary(RecipeFile.builtIn(), List.of());

  static List<Recipe> recipes() {
    Problems broken = new Problems();
    List<Recipe> recipes = LIBRARY.newest(broken).stream().map(f -> f.recipe()).toList();
    assertThat(broken.list(), is(empty()));
    return recipes;
  }

  private static List<String> ids(java.util.function.Predicate<Recipe> which) {
    return recipes().stream().filter(which).map(Recipe::id).toList();
  }

  @Test
  void task_types_and_tags_filter_as_the_platform_has_them() {
    assertThat(recipes().size(), is(9));
    assertThat(
        ids(r -> r.taskType() == TaskType.RLHF),
        containsInAnyOrder("grpo_basic", "grpo_large_scale", "ppo_classic"));
    assertThat(
        ids(r -> r.tags().contains("rlhf")),
        containsInAnyOrder("grpo_basic", "grpo_large_scale", "ppo_classic"));
    assertThat(
        ids(r -> r.tags().contains("grpo")),
        containsInAnyOrder("grpo_basic", "grpo_large_scale", "math_reasoning_grpo"));
    assertThat(ids(r -> r.tags().isEmpty()), is(empty()));
    assertThat(LIBRARY.find(RecipeName.parse("sft_basic")).recipe().name(), is("Sft Basic"));
  }

  @Test
  void every_default_is_inside_a_published_band_or_its_note_says_why_not() throws IOException {
    Map<String, BigDecimal[]> bands = new HashMap<>();
    try (InputStream in = getClass().getResourceAsStream("/published.csv")) {
      String csv = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : csv.lines().skip(1).toList()) {
        String[] cells = line.split(";", 5);
        assertThat(line, cells[4], is(not("")));
        bands.put(
            cells[0] + "." + cells[1],
            new BigDecimal[] {new BigDecimal(cells[2]), new BigDecimal(cells[3])});
      }
    }
    List<String> outside = new ArrayList<>();
    for (Recipe recipe : recipes()) {
      recipe
          .defaultConfig()
          .values()
          .forEach(
              (name, value) -> {
                BigDecimal[] band = bands.remove(recipe.id() + "." + name);
                boolean noted = recipe.notes().containsKey(name);
                if (value instanceof Node.Decimal number && band != null) {
                  if (number.value().compareTo(band[0]) < 0
                      || number.value().compareTo(band[1]) > 0) {
                    outside.add(recipe.id() + "." + name + " " + number.written());
                  }
                } else if (value instanceof Node.Decimal && !noted) {
                  outside.add(recipe.id() + "." + name + " has no band and no note");
                }
              });
    }
    assertThat(outside, is(empty()));
    assertThat("bands of values that are not there", bands.keySet(), is(empty()));
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void each_recipe_has_no_error_by_its_own_rules(Recipe recipe) {
    List<Finding> findings =
        new ConfigRules(recipe.algorithm(), recipe.sizeHint(), recipe.defaultConfig()).findings();
    for (Finding finding : findings) {
      assertThat(finding.message(), finding.isError(), is(false));
      if (finding.rule().equals("published-band")) {
        assertThat(finding.message(), recipe.notes().containsKey(finding.parameter()), is(true));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void each_file_has_the_form_of_the_schema(Recipe recipe) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(Json.read(Files.readAllBytes(Path.of("schemas/recipe.schema.json"))));
    RecipeFile file = LIBRARY.find(RecipeName.parse(recipe.id())).file();
    assertThat(schema.validate(Json.tree(file.root().plain())), is(empty()));
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void a_recipe_that_is_written_and_read_again_has_the_same_hash(Recipe recipe) {
    for (String text : List.of(RecipeText.whole(recipe), Json.text(recipe.json()))) {
      Problems problems = new Problems();
      RecipeFile file =
          RecipeFile.parse(text, "again.yaml", RecipeFile.Origin.FILE, problems).orElseThrow();
      Recipe again = new RecipeLibrary(List.of(file), List.of()).expanded(file).recipe();
      assertThat(text, again.sha256(), is(recipe.sha256()));
    }
  }
}
