package dev.mixdown.recipes.diff;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.diff.ConfigDiff.Config;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What differs between two configs, by hand. */
class ConfigDiffTest {
  private static Node yaml(String text) {
    return read(text, "a.yaml");
  }

  private static Node json(String text) {
    return read(text, "a.json");
  }

  private static Node read(String text, String file) {
    Problems problems = new Problems();
    var root = ConfigText.read(text.getBytes(StandardCharsets.UTF_8), file, problems);
    problems.throwIfAny();
    return root.orElseThrow();
  }

  private static ConfigDiff diff(Node a, Node b) {
    return ConfigDiff.of(
        new Config("Job A", a),
        new Config("Job B", b),
        ImportanceTable.standard(),
        ConfigDiff.USUALLY_IGNORED);
  }

  /** Each difference in one line. */
  private static List<String> lines(Node a, Node b) {
    return diff(a, b).report().lines().skip(1).map(line -> line.substring(11)).toList();
  }

  @Test
  void the_report_is_that_of_the_specification() {
    Node a = yaml("{learning_rate: 1e-6, batch_size: 256, kl_coef: 0.02, unused_param: 0.1}");
    Node b = yaml("{learning_rate: 5e-7, batch_size: 512, kl_coef: 0.05, warmup_steps: 100}");
    assertThat(
        diff(a, b).report(),
        is(
            """
            Job A vs Job B: 3 modified, 1 added, 1 removed
            critical   [~] batch_size: 256 -> 512
                       [~] learning_rate: 1e-6 -> 5e-7
            important  [~] kl_coef: 0.02 -> 0.05
                       [+] warmup_steps: 100
            normal     [-] unused_param: 0.1"""));
    assertThat(diff(a, b).json().path("has_critical_changes").asBoolean(), is(true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lr",
        "optim: {lr",
        "actor: {optim: {lr",
        "optimizer: {learning_rate",
        "x: {Peak-LR"
      })
  void the_last_name_decides_importance_however_deep_it_lies(String path) {
    String end = "}".repeat(path.length() - path.replace("{", "").length());
    Node a = yaml(path + ": 1e-5" + end);
    Node b = yaml(path + ": 2e-5" + end);
    assertThat(diff(a, b).differences().get(0).importance(), is(Importance.CRITICAL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kl", "beta", "kl_loss_coef", "lr_scheduler_type", "max_seq_length"})
  void other_names_of_important_parameters_are_known(String name) {
    assertThat(
        diff(yaml(name + ": 1"), yaml(name + ": 2")).differences().get(0).importance(),
        is(Importance.IMPORTANT));
  }

  @Test
  void of_an_item_of_a_list_the_name_of_the_list_decides() {
    ConfigDiff diff = diff(yaml("lr: [1, 2]"), yaml("lr: [1, 3]"));
    assertThat(diff.differences().get(0).importance(), is(Importance.CRITICAL));
    assertThat(diff.differences().get(0).where(), is("lr[1]"));
  }

  @Test
  void a_table_of_ones_own_adds_to_the_one_that_is_there() {
    ImportanceTable table =
        ImportanceTable.standard().with("critical: {dropout: [drop]}", "i.yaml");
    assertThat(table.of("drop"), is(Importance.CRITICAL));
    assertThat(table.of("lr"), is(Importance.CRITICAL));
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> ImportanceTable.standard().with("critcal: {a: []}\nnormal: [b]", "i.yaml"));
    assertThat(
        refused.getMessage(),
        containsString("unknown importance \"critcal\"; did you mean \"critical\"?"));
    assertThat(refused.getMessage(), containsString("normal is a list"));
  }

  @Test
  void numbers_are_compared_by_value_and_everything_else_by_type_too() {
    assertThat(lines(yaml("a: 1e-6"), yaml("a: 0.000001")), is(empty()));
    assertThat(lines(json("{\"a\": 1}"), json("{\"a\": 1.0}")), is(empty()));
    assertThat(lines(json("{\"a\": 1}"), json("{\"a\": \"1\"}")), contains("[~] a: 1 -> \"1\""));
    assertThat(lines(json("{\"a\": 1}"), json("{\"a\": true}")), contains("[~] a: 1 -> true"));
    assertThat(lines(json("{\"a\": null}"), json("{}")), contains("[-] a: null"));
    assertThat(lines(yaml("a: yes"), yaml("a: true")), contains("[~] a: yes -> true"));
    assertThat(lines(yaml("a: 010"), yaml("a: 10")), is(empty()));
    assertThat(lines(yaml("a: 0x10"), yaml("a: 16")), is(empty()));
  }

  @Test
  void what_is_no_finite_number_is_compared_and_shown() {
    assertThat(lines(json("{\"a\": NaN}"), yaml("a: .nan")), is(empty()));
    assertThat(
        lines(json("{\"a\": -Infinity}"), yaml("a: .inf")),
        contains("[~] a: -Infinity -> Infinity"));
    assertThat(
        lines(json("{\"a\": NaN}"), json("{\"a\": \"NaN\"}")), contains("[~] a: NaN -> \"NaN\""));
    JsonNode old =
        diff(json("{\"a\": NaN}"), json("{}")).json().path("diffs").get(0).path("old_value");
    assertThat(old.asText(), is("NaN"));
  }

  @Test
  void empty_objects_and_lists_are_values() {
    assertThat(lines(yaml("a: {}"), yaml("b: []")), contains("[-] a: {}", "[+] b: []"));
    assertThat(lines(yaml("a: {}"), yaml("a: {x: 1}")), contains("[+] a.x: 1"));
    assertThat(lines(yaml("a: [1]"), yaml("a: []")), contains("[-] a[0]: 1"));
    assertThat(lines(yaml("a: {}"), yaml("a: []")), contains("[~] a: {} -> []"));
    assertThat(lines(yaml("a: {x: 1}"), yaml("a: 2")), contains("[~] a: {\"x\": 1} -> 2"));
    assertThat(
        lines(yaml("a: 1"), yaml("b: {x: 1, y: {z: 2}}")),
        contains("[-] a: 1", "[+] b.x: 1", "[+] b.y.z: 2"));
  }

  @Test
  void a_key_with_a_dot_is_not_a_nested_one() {
    assertThat(lines(yaml("a.b: 1"), yaml("a: {b: 1}")), contains("[-] \"a.b\": 1", "[+] a.b: 1"));
    JsonNode removed = diff(yaml("a/b~.c: 1"), yaml("{}")).json().path("diffs").get(0);
    assertThat(removed.path("pointer").asText(), is("/a~1b~0.c"));
  }

  @Test
  void items_of_lists_are_told_apart_by_their_names() {
    Node a = yaml("d: [{name: x, w: 1}, {name: y, w: 2}]");
    Node b = yaml("d: [{name: y, w: 3}, {name: z, w: 4}, {name: x, w: 1}]");
    assertThat(
        lines(a, b),
        contains("[~] d[name=y].w: 2 -> 3", "[+] d[name=z].name: z", "[+] d[name=z].w: 4"));
    JsonNode modified = diff(a, b).json().path("diffs").get(0);
    assertThat(modified.path("pointer").asText(), is("/d/0/w"));
    // A name that comes twice tells nothing apart.
    assertThat(
        lines(yaml("d: [{name: x, w: 1}, {name: x, w: 2}]"), yaml("d: [{name: x, w: 1}]")),
        contains("[-] d[1].name: x", "[-] d[1].w: 2"));
  }

  @Test
  void secrets_are_masked_in_every_report_and_a_patch_has_them() {
    Node a = yaml("{api_key: k-1, hf_token: t-1, db: {password: p-1, url: 'pg://u:w-1@h/x'}}");
    Node b =
        yaml(
            "{api_key: k-2, hf_token: t-2, db: {password: p-2, url: 'pg://u:w-2@h/x'}, num_tokens: 5}");
    ConfigDiff diff = diff(a, b);
    for (String text : List.of(diff.report(), diff.markdown(), diff.json().toString())) {
      for (String secret : List.of("k-1", "k-2", "t-1", "p-1", "p-2", "w-1", "w-2")) {
        assertThat(text, not(containsString(secret)));
      }
      assertThat(text, containsString("num_tokens"));
    }
    assertThat(Patch.of(a, b).toString(), containsString("p-2"));
    Node whole = yaml("db: 1");
    assertThat(diff(a, whole).report(), not(containsString("p-1")));
  }

  @Test
  void what_says_nothing_is_ignored_unless_it_is_asked_for() {
    Node a = yaml("{created_at: 1, x: {output_path: a}}");
    Node b = yaml("{created_at: 2, x: {output_path: b}, cloned_at: 3}");
    assertThat(diff(a, b).isEmpty(), is(true));
    ConfigDiff all =
        ConfigDiff.of(new Config("a", a), new Config("b", b), ImportanceTable.standard(), Set.of());
    assertThat(all.differences().size(), is(3));
  }

  @Test
  void values_that_are_long_are_cut_for_people_only() {
    String value = "v".repeat(5000);
    ConfigDiff diff = diff(yaml("a: 1"), yaml("a: " + value));
    assertThat(diff.report(), containsString("... (5,000 characters)"));
    assertThat(diff.json().path("diffs").get(0).path("new_value").asText(), is(value));
  }

  @Test
  void files_that_cannot_be_read_each_have_their_message() {
    List<String> messages = new ArrayList<>();
    for (String text :
        List.of(
            "{\"a\": 1,}",
            "{\"a\": 1, \"a\": 2}",
            "[".repeat(10_000),
            "",
            "{\"a\": 1e999999999}")) {
      Problems problems = new Problems();
      ConfigText.read(text.getBytes(StandardCharsets.UTF_8), "a.json", problems);
      messages.add(problems.list().get(0).message());
    }
    for (String text : List.of("a: 1\na: 2", "a: [", "a: " + "[".repeat(10_000))) {
      Problems problems = new Problems();
      ConfigText.read(text.getBytes(StandardCharsets.UTF_8), "a.yaml", problems);
      messages.add(problems.list().get(0).message());
    }
    Problems problems = new Problems();
    ConfigText.read(new byte[] {(byte) 0xFF}, "a.yaml", problems);
    messages.add(problems.list().get(0).message());
    assertThat(Set.copyOf(messages).size(), is(messages.size()));
    assertThat(messages, hasItem(containsString("a second time")));
    assertThat(messages, hasItem(containsString("nested deeper than 1000")));
    assertThat(messages, hasItem(containsString("nested deeper than 200")));
    assertThat(messages, hasItem(containsString("not UTF-8")));
  }
}
