package dev.mixdown.recipes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.RecipeFile.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recipes that extend others, their versions, and what is wrong with some. */
class RecipeLibraryTest {
  private static final String WHOLE =
      """
      id: %s
      version: %s
      description: d
      task_type: sft
      recommended_algorithm: sft
      default_config:
        learning_rate: {value: 2e-5, source: somewhere}
        batch_size: 128
        nested: {a: 1, b: 2}
      notes: {learning_rate: why}
      model_size_hint: small
      tags: [b, a]
      """;

  private static RecipeFile file(String name, String text) {
    Problems problems = new Problems();
    var file = RecipeFile.parse(text, name, Origin.REPOSITORY, problems);
    problems.throwIfAny();
    return file.orElseThrow();
  }

  private static RecipeFile whole(String id, String version) {
    return file(id + version + ".yaml", WHOLE.formatted(id, version));
  }

  private static RecipeLibrary library(RecipeFile... files) {
    return new RecipeLibrary(List.of(files), List.of());
  }

  private static Recipe find(RecipeLibrary library, String name) {
    return library.find(RecipeName.parse(name)).recipe();
  }

  private static String refused(RecipeLibrary library, String name) {
    return assertThrows(ConfigException.class, () -> find(library, name)).getMessage();
  }

  @Test
  void a_recipe_has_what_its_base_has_but_for_what_it_says_itself() {
    RecipeFile child =
        file(
            "child.yaml",
            """
            id: child
            version: 2.0.0
            extends: base
            default_config:
              learning_rate: 1e-5
              nested: {b: 3}
            tags: [c]
            """);
    Recipe recipe = find(library(whole("base", "1.0.0"), child), "child");
    assertThat(recipe.name(), is("Child"));
    assertThat(recipe.description(), is("d"));
    assertThat(recipe.tags(), contains("c"));
    assertThat(
        recipe.defaultConfig().plain().toString(),
        is("{learning_rate=0.00001, batch_size=128, nested={a=1, b=3}}"));
    // What was said of the base's rate is not said of this one.
    assertThat(recipe.sources().containsKey("learning_rate"), is(false));
    assertThat(recipe.notes().containsKey("learning_rate"), is(false));
    Recipe base = find(library(whole("base", "1.0.0")), "base");
    assertThat(base.sources().get("learning_rate"), is("somewhere"));
  }

  @Test
  void the_hash_is_of_the_content_and_not_of_how_it_is_written() {
    String other =
        WHOLE
            .formatted("base", "1.0.0")
            .replace("2e-5", "0.000020")
            .replace("[b, a]", "[a, b]")
            .replace("nested: {a: 1, b: 2}", "nested: {b: 2.0, a: 1}");
    Recipe a = find(library(whole("base", "1.0.0")), "base");
    assertThat(find(library(file("o.yaml", other)), "base").sha256(), is(a.sha256()));
    String changed = WHOLE.formatted("base", "1.0.0").replace("2e-5", "3e-5");
    assertThat(find(library(file("o.yaml", changed)), "base").sha256(), is(not(a.sha256())));
  }

  @Test
  void an_id_alone_is_the_newest_version() {
    RecipeLibrary library =
        library(whole("r", "1.9.0"), whole("r", "1.10.0"), whole("r", "1.10.0-rc.1"));
    assertThat(find(library, "r").version().text(), is("1.10.0"));
    assertThat(find(library, "r@1.9.0").version().text(), is("1.9.0"));
    assertThat(
        library.versions("r").stream().map(f -> f.recipe().version().text()).toList(),
        contains("1.9.0", "1.10.0-rc.1", "1.10.0"));
    assertThat(refused(library, "r@2.0.0"), containsString("known are 1.9.0, 1.10.0, 1.10.0-rc.1"));
  }

  @Test
  void versions_have_the_order_of_semver_org() {
    List<String> order =
        List.of(
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "2.0.0",
            "2.1.0",
            "2.1.1",
            "10.0.0");
    for (int i = 0; i < order.size(); i++) {
      for (int j = 0; j < order.size(); j++) {
        Version a = Version.of(order.get(i)).orElseThrow();
        Version b = Version.of(order.get(j)).orElseThrow();
        assertThat(a + " " + b, Integer.signum(a.compareTo(b)), is(Integer.compare(i, j)));
      }
    }
    Stream.of("1", "1.0", "01.0.0", "1.0.0.0", "v1.0.0", "1.0.0-", "")
        .forEach(text -> assertThat(text, Version.of(text).isPresent(), is(false)));
  }

  @Test
  void circles_and_unknown_bases_are_refused() {
    RecipeFile a = file("a.yaml", "id: a\nversion: 1.0.0\nextends: b\n");
    RecipeFile b = file("b.yaml", "id: b\nversion: 1.0.0\nextends: a\n");
    RecipeFile c = file("c.yaml", "id: c\nversion: 1.0.0\nextends: sft_basc\n");
    RecipeFile self = file("s.yaml", "id: s\nversion: 1.0.0\nextends: s\n");
    RecipeLibrary library = library(a, b, c, self, whole("sft_basic", "1.0.0"));
    assertThat(refused(library, "a"), containsString("b.yaml:3:10"));
    assertThat(refused(library, "a"), containsString("leads back to itself (a@1.0.0, b@1.0.0)"));
    assertThat(refused(library, "c"), containsString("did you mean \"sft_basic\"?"));
    assertThat(refused(library, "s"), containsString("leads back to itself"));
  }

  @Test
  void a_new_version_may_extend_the_old_one() {
    RecipeFile next =
        file(
            "n.yaml",
            "id: r\nversion: 1.1.0\nextends: r@1.0.0\ndefault_config: {batch_size: 64}\n");
    Recipe recipe = find(library(whole("r", "1.0.0"), next), "r");
    assertThat(recipe.defaultConfig().values().get("batch_size").wholeNumber().get(), is(64L));
  }

  @Test
  void two_contents_under_one_name_are_refused() {
    RecipeFile other = file("other.yaml", WHOLE.formatted("r", "1.0.0").replace("128", "256"));
    String message = refused(library(whole("r", "1.0.0"), other), "r");
    assertThat(message, containsString("r@1.0.0 is also in other.yaml (repository)"));
    find(library(whole("r", "1.0.0"), file("same.yaml", WHOLE.formatted("r", "1.0.0"))), "r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id: %s             | id: Bad Name                     | may have small letters
          id: %s             | id: task-types                   | is reserved
          version: %s        | version: one                     | as 1.0.0
          task_type: sft     | task_type: sftt                  | did you mean "sft"?
          task_type: sft     | x_note: 1                        | "task_type" is missing
          description: d     | descripton: d                    | did you mean "description"?
          batch_size: 128    | batch_size: {value: 1, source: 2 | no valid YAML
          tags: [b, a]       | tags: b                          | a list is expected
          tags: [b, a]       | min_gpus: 0                      | from 1 to
          tags: [b, a]       | recommended_gpus: many           | a whole number
          tags: [b, a]       | id: twice                        | a second time
          tags: [b, a]       | data_requirements: {any_of: [{}]} | names no field
          tags: [b, a]       | data_requirements: {any_of: [{a: txt}]} | did you mean "text"?
          tags: [b, a]       | data_requirements: {different: [a]} | two fields are expected
          tags: [b, a]       | data_requirements: {different: [a, b], any_of: [{a: text}]} | in no shape
          """)
  void what_is_wrong_with_a_file_has_its_place_and_message(String from, String to, String message) {
    String text = WHOLE.replace(from, to);
    text =
        text.contains("%s\nversion: %s")
            ? text.formatted("r", "1.0.0")
            : text.replace("%s", "1.0.0");
    Problems problems = new Problems();
    RecipeFile.parse(text, "r.yaml", Origin.REPOSITORY, problems);
    List<String> messages = new ArrayList<>();
    problems.list().stream().map(Problem::toString).forEach(messages::add);
    assertThat(messages.toString(), containsString("r.yaml:"));
    assertThat(messages.toString(), containsString(message));
  }
}
