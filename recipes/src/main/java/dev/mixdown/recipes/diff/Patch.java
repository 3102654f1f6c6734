package dev.mixdown.recipes.diff;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Pointer;
import java.util.List;
import java.util.Map;

/**
 * The operations that make one config of another (JSON Patch, RFC 6902), for programs: everything
 * that differs, whole and unmasked, the order of lists included.
 */
public final class Patch {
  private final ArrayNode operations = Json.array();

  private Patch() {}

  /** What makes {@code b} of {@code a}. */
  public static ArrayNode of(Node a, Node b) {
    Patch patch = new Patch();
    patch.change(Pointer.ROOT, a, b);
    return patch.operations;
  }

  private void change(Pointer at, Node a, Node b) {
    if (a instanceof Node.Mapping before && b instanceof Node.Mapping after) {
      objects(at, before.values(), after.values());
    } else if (a instanceof Node.Sequence before && b instanceof Node.Sequence after) {
      lists(at, before.values(), after.values());
    } else if (!a.says(b)) {
      operation("replace", at).set("value", Json.tree(b.plain()));
    }
  }

  private void objects(Pointer at, Map<String, Node> a, Map<String, Node> b) {
    for (String key : a.keySet()) {
      if (!b.containsKey(key)) {
        operation("remove", at.child(key));
      }
    }
    b.forEach(
        (key, value) -> {
          Node old = a.get(key);
          if (old == null) {
            operation("add", at.child(key)).set("value", Json.tree(value.plain()));
          } else {
            change(at.child(key), old, value);
          }
        });
  }

  private void lists(Pointer at, List<Node> a, List<Node> b) {
    for (int i = a.size() - 1; i >= b.size(); i--) {
      operation("remove", at.child(i));
    }
    for (int i = 0; i < b.size(); i++) {
      if (i < a.size()) {
        change(at.child(i), a.get(i), b.get(i));
      } else {
        operation("add", at.child("-")).set("value", Json.tree(b.get(i).plain()));
      }
    }
  }

  private ObjectNode operation(String op, Pointer at) {
    return operations.addObject().put("op", op).put("path", at.toString());
  }
}
