package dev.mixdown.recipes.diff;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.diff.ConfigDiff.Config;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The laws of comparing, on random configs, against second implementations that are slow and plain.
 */
class DiffLawsTest {
  private static final int CASES = 2_000;

  private static Node node(JsonNode json) {
    return JsonTree.values(Json.line(json), "x.json", new Problems()).orElseThrow();
  }

  private static ObjectNode diff(JsonNode a, JsonNode b) {
    return ConfigDiff.of(
            new Config("a", node(a)),
            new Config("b", node(b)),
            ImportanceTable.standard(),
            Set.of())
        .json();
  }

  @Test
  void a_config_does_not_differ_from_itself_whatever_the_order_of_its_keys() {
    Random random = new Random(1);
    for (int i = 0; i < CASES; i++) {
      JsonNode config = config(random, 0);
      ObjectNode diff = diff(config, shuffled(config, random));
      assertThat(config.toString(), diff.path("diffs").size(), is(0));
      assertThat(
          config.toString(), diff.path("unchanged_count").asInt(), is(leaves(config).size()));
    }
  }

  @Test
  void counts_mirror_when_the_two_are_swapped() {
    Random random = new Random(2);
    for (int i = 0; i < CASES; i++) {
      JsonNode a = config(random, 0);
      JsonNode b = changed(a, random);
      ObjectNode there = diff(a, b);
      ObjectNode back = diff(b, a);
      String what = a + " " + b;
      assertThat(what, back.path("added_count"), is(there.path("removed_count")));
      assertThat(what, back.path("removed_count"), is(there.path("added_count")));
      assertThat(what, back.path("modified_count"), is(there.path("modified_count")));
      assertThat(what, back.path("unchanged_count"), is(there.path("unchanged_count")));
    }
  }

  @Test
  void the_patch_of_a_and_b_makes_b_of_a() {
    Random random = new Random(3);
    for (int i = 0; i < CASES; i++) {
      JsonNode a = config(random, 0);
      JsonNode b = i % 2 == 0 ? changed(a, random) : config(random, 0);
      JsonNode patched = patched(a.deepCopy(), Patch.of(node(a), node(b)));
      assertThat(a + " " + b, node(patched).says(node(b)), is(true));
    }
  }

  @Test
  void without_lists_the_differences_are_those_of_two_flat_maps() {
    Random random = new Random(4);
    for (int i = 0; i < CASES; i++) {
      JsonNode a = withoutLists(config(random, 0));
      JsonNode b = withoutLists(changed(a, random));
      Map<String, JsonNode> before = leaves(a);
      Map<String, JsonNode> after = leaves(b);
      long unchanged =
          before.entrySet().stream()
              .filter(e -> after.containsKey(e.getKey()))
              .filter(e -> node(e.getValue()).says(node(after.get(e.getKey()))))
              .count();
      ObjectNode diff = diff(a, b);
      assertThat(a + " " + b, diff.path("unchanged_count").asLong(), is(unchanged));
    }
  }

  /** A random config: names that come again, and values that are nearly the same. */
  private static JsonNode config(Random random, int depth) {
    ObjectNode config = Json.object();
    int keys = random.nextInt(5);
    for (int k = 0; k < keys; k++) {
      config.set(
          List.of("a", "b.c", "lr", "", "d/e", "~f", "g h").get(random.nextInt(7)),
          value(random, depth + 1));
    }
    return config;
  }

  private static JsonNode value(Random random, int depth) {
    int kind = random.nextInt(depth > 3 ? 6 : 9);
    return switch (kind) {
      case 0 -> Json.tree(random.nextInt(3));
      case 1 ->
          Json.tree(
              new java.math.BigDecimal(
                  List.of("1.0", "1e-6", "0.000001", "1").get(random.nextInt(4))));
      case 2 -> Json.tree(List.of("1", "true", "null", "x").get(random.nextInt(4)));
      case 3 -> Json.tree(random.nextBoolean());
      case 4 -> Json.tree(null);
      case 5 -> random.nextBoolean() ? Json.object() : Json.array();
      case 6 -> config(random, depth);
      case 7 -> {
        ArrayNode list = Json.array();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
      default -> {
        ArrayNode list = Json.array();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.addObject().put("name", "n" + random.nextInt(4)).set("v", value(random, depth + 1));
        }
        yield list;
      }
    };
  }

  private static JsonNode changed(JsonNode node, Random random) {
    if (random.nextInt(12) == 0) {
      return value(random, 2);
    }
    if (node instanceof ObjectNode object) {
      ObjectNode changed = Json.object();
      object
          .properties()
          .forEach(
              e -> {
                if (random.nextInt(10) > 0) {
                  changed.set(e.getKey(), changed(e.getValue(), random));
                }
              });
      return changed;
    }
    if (node instanceof ArrayNode list) {
      List<JsonNode> items = new ArrayList<>();
      list.forEach(item -> items.add(changed(item, random)));
      Collections.shuffle(items, random);
      ArrayNode changed = Json.array();
      items.forEach(changed::add);
      return changed;
    }
    return node;
  }

  private static JsonNode shuffled(JsonNode node, Random random) {
    if (node instanceof ObjectNode object) {
      List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
      Collections.shuffle(fields, random);
      ObjectNode shuffled = Json.object();
      fields.forEach(e -> shuffled.set(e.getKey(), shuffled(e.getValue(), random)));
      return shuffled;
    }
    ArrayNode list = Json.array();
    node.forEach(item -> list.add(shuffled(item, random)));
    return node.isArray() ? list : node;
  }

  private static JsonNode withoutLists(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode plain = Json.object();
      object.properties().forEach(e -> plain.set(e.getKey(), withoutLists(e.getValue())));
      return plain;
    }
    return node.isArray() ? Json.tree(node.size()) : node;
  }

  /** Every leaf by its pointer. */
  private static Map<String, JsonNode> leaves(JsonNode node) {
    Map<String, JsonNode> leaves = new TreeMap<>();
    leaves("", node, leaves);
    return leaves;
  }

  private static void leaves(String at, JsonNode node, Map<String, JsonNode> leaves) {
    if (node.isContainerNode() && !node.isEmpty()) {
      if (node.isObject()) {
        node.properties()
            .forEach(e -> leaves(at + "/" + escaped(e.getKey()), e.getValue(), leaves));
      } else {
        for (int i = 0; i < node.size(); i++) {
          leaves(at + "/" + i, node.get(i), leaves);
        }
      }
    } else {
      leaves.put(at, node);
    }
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  /** RFC 6902 as it reads, for add, remove and replace. */
  private static JsonNode patched(JsonNode document, ArrayNode patch) {
    JsonNode root = document;
    for (JsonNode operation : patch) {
      String path = operation.path("path").asText();
      if (path.isEmpty()) {
        root = operation.get("value");
        continue;
      }
      int slash = path.lastIndexOf('/');
      JsonNode parent = root.at(path.substring(0, slash));
      String last = path.substring(slash + 1).replace("~1", "/").replace("~0", "~");
      String op = operation.path("op").asText();
      if (parent instanceof ObjectNode object) {
        assertThat(op + " " + path, object.has(last), is(!op.equals("add")));
        if (op.equals("remove")) {
          object.remove(last);
        } else {
          object.set(last, operation.get("value"));
        }
      } else if (op.equals("add")) {
        ((ArrayNode) parent)
            .insert(
                last.equals("-") ? parent.size() : Integer.parseInt(last), operation.get("value"));
      } else if (op.equals("remove")) {
        ((ArrayNode) parent).remove(Integer.parseInt(last));
      } else {
        ((ArrayNode) parent).set(Integer.parseInt(last), operation.get("value"));
      }
    }
    return root;
  }
}
