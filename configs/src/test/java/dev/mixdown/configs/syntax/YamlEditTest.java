package dev.mixdown.configs.syntax;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An edit changes what it says and nothing else. */
class YamlEditTest {
  private static String edited(String text, java.util.function.Consumer<YamlEdit> edit) {
    YamlEdit yaml = YamlEdit.of(text, "a.yaml");
    edit.accept(yaml);
    return yaml.text();
  }

  @Test
  void the_files_own_form_is_kept() {
    String text =
        """
        # Ours. Ask before you switch!
        current_stage: "pretraining"   # since the spring

        owner: Anna            # a key of our own
        history:
          - {stage: "pretraining", deactivated_at: null, reason: "training_start"}  # first
          # more to come
        next_stage:
          predicted_stage: finetuning   # perhaps
          conditions:
            - "epoch >= 50"   # fifty
            - "loss < 0.1"
        # the end
        """;
    String expected =
        """
        # Ours. Ask before you switch!
        current_stage: "finetuning"   # since the spring

        owner: Anna            # a key of our own
        history:
          - {stage: "pretraining", deactivated_at: "today", reason: "training_start", duration: "1:00:00"}  # first
          - {stage: "finetuning", deactivated_at: null}
          # more to come
        next_stage:
          predicted_stage: null   # perhaps
          conditions:
            []
            # fifty
        progress: {epoch: 50, loss: 0.08, "a b": [1, "x"]}
        # the end
        """;
    java.util.Map<String, Object> next = new java.util.LinkedHashMap<>();
    next.put("predicted_stage", null);
    next.put("conditions", List.of());
    java.util.Map<String, Object> entry = new java.util.LinkedHashMap<>();
    entry.put("stage", "finetuning");
    entry.put("deactivated_at", null);
    java.util.Map<String, Object> progress = new java.util.LinkedHashMap<>();
    progress.put("epoch", 50);
    progress.put("loss", new java.math.BigDecimal("0.08"));
    progress.put("a b", List.of(1, "x"));
    assertThat(
        edited(
            text,
            yaml ->
                yaml.set("current_stage", "finetuning")
                    .mergeItem(
                        "history",
                        0,
                        new java.util.TreeMap<>(
                            Map.of("deactivated_at", "today", "duration", "1:00:00")))
                    .append("history", List.of(entry))
                    .merge("next_stage", next)
                    .set("progress", progress)),
        is(expected));
  }

  @Test
  void values_are_put_where_there_were_none() {
    assertThat(edited("a:\nb: 1\n", y -> y.set("a", "x")), is("a: \"x\"\nb: 1\n"));
    assertThat(edited("a:   # note\n", y -> y.set("a", "x")), is("a: \"x\"   # note\n"));
    assertThat(edited("a: 1", y -> y.set("b", "x")), is("a: 1\nb: \"x\""));
    assertThat(edited("a: 1\r\n", y -> y.set("b", "x")), is("a: 1\r\nb: \"x\"\r\n"));
    assertThat(edited("{a: 1}", y -> y.set("b", "x")), is("{a: 1, b: \"x\"}"));
    assertThat(edited("{}", y -> y.set("b", "x")), is("{b: \"x\"}"));
    assertThat(
        edited("h: []  # all\n", y -> y.append("h", List.of(Map.of("s", 1)))),
        is("h:\n  - {s: 1}  # all\n"));
    assertThat(
        edited("a: 1\n", y -> y.append("h", List.of(Map.of("s", 1)))),
        is("a: 1\nh:\n  - {s: 1}\n"));
    assertThat(
        edited("h:\n- {s: 1}\n", y -> y.append("h", List.of(Map.of("s", 2))).set("z", 3)),
        is("h:\n- {s: 1}\n- {s: 2}\nz: 3\n"));
    assertThat(
        edited("h: [{s: 1}]\n", y -> y.append("h", List.of(Map.of("s", 2)))),
        is("h: [{s: 1}, {s: 2}]\n"));
    assertThat(
        edited("{h: null}", y -> y.append("h", List.of(Map.of("s", 2)))), is("{h: [{s: 2}]}"));
    assertThat(
        edited("😀: \"😀\"  # 😀\nb: 1\n", y -> y.set("b", "ü")), containsString("b: \"ü\""));
    assertThat(edited("a: |\n  text\n\nb: 1\n", y -> y.set("a", "x")), containsString("a: \"x\""));
  }

  @Test
  void what_cannot_be_changed_in_place_is_refused_and_not_broken() {
    for (String text :
        List.of("a: &x 1\nb: *x\n", "b: &x {s: 1}\na: *x\n", "x: &x [1]\na: *x\nb: *x\n")) {
      ConfigException refused =
          assertThrows(ConfigException.class, () -> edited(text, y -> y.set("a", 2)));
      assertThat(refused.getMessage(), containsString("cannot be changed in place"));
    }
    assertThrows(ConfigException.class, () -> YamlEdit.of("[1]", "a.yaml"));
  }

  @Test
  void any_file_says_what_was_asked_for_and_keeps_every_comment_and_line() {
    Random random = new Random(7);
    int edits = 0;
    for (int round = 0; round < 2_000; round++) {
      String text = randomFile(random);
      YamlEdit yaml = YamlEdit.of(text, "a.yaml");
      yaml.set("current", "new-" + round);
      yaml.merge("next", Map.of("stage", "s" + round, "list", List.of("x", "y")));
      yaml.append("history", List.of(Map.of("stage", "h" + round)));
      yaml.set("own", round % 3 == 0 ? null : Map.of("k", round));
      // That it says what was asked for, text() finds out itself.
      String result = assertDoesNotThrow(yaml::text, text);
      edits++;
      assertThat(
          text + "\n=>\n" + result, comments(result), containsInAnyOrder(comments(text).toArray()));
      assertThat(result, containsString("keep: [1,2,   3]"));
    }
    assertThat(edits, greaterThan(1_000));
  }

  private static List<String> comments(String text) {
    List<String> comments = new ArrayList<>();
    Pattern.compile("#[a-z]+").matcher(text).results().forEach(m -> comments.add(m.group()));
    return comments;
  }

  /** Keys in any order and form, or missing, with comments everywhere. */
  private static String randomFile(Random random) {
    List<String> blocks = new ArrayList<>();
    blocks.add("keep: [1,2,   3]" + comment(random) + "\n");
    String[] current = {"current: old", "current: 'old'", "current:", "current: null", ""};
    blocks.add(line(random, current[random.nextInt(current.length)]));
    String[] next = {
      "next: null",
      "next: {stage: a, list: [b,  c]}",
      "next:\n  stage: a@\n  list:@\n    - b@\n@\n    - c",
      "next:\n    list: []@\n@\n    stage: a",
      "next:\n  list: [b,@\n     c]@\n  own: 1",
      "next:\n  stage: >-\n    a\n    b\n  own: 1",
      ""
    };
    blocks.add(line(random, next[random.nextInt(next.length)]));
    String[] history = {
      "history: []",
      "history:",
      "history:\n- stage: a@\n  by: me\n@\n- stage: b",
      "history:\n  - {stage: a}@\n  @\n  - {stage: b}",
      "history: [{stage: a},@\n   {stage: b}]",
      ""
    };
    blocks.add(line(random, history[random.nextInt(history.length)]));
    String[] own = {"own: {k: 1,@\n  l: 2}", "own: [1, 2]", "own:\n  k: 1@\n  l: [1]", ""};
    blocks.add(line(random, own[random.nextInt(own.length)]));
    java.util.Collections.shuffle(blocks, random);
    String text = String.join("", blocks);
    text = random.nextBoolean() ? text : "---\n" + text;
    return random.nextInt(4) == 0 ? text.stripTrailing() : text;
  }

  private static String line(Random random, String block) {
    if (block.isEmpty()) {
      return block;
    }
    StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "#before\n\n" : "");
    block
        .codePoints()
        .forEach(c -> text.append(c == '@' ? comment(random) : Character.toString(c)));
    return text.append(comment(random)).append('\n').toString();
  }

  private static String comment(Random random) {
    return random.nextBoolean() ? "" : "  #" + "abcdefgh".charAt(random.nextInt(8));
  }
}
