package dev.mixdown.recipes.diff;

import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.diff.Difference.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks two trees at once, and notes each leaf that differs: a scalar, or an empty object or list.
 * Objects are compared by key, lists by number, or by identity where all their items have one.
 */
final class Comparison {
  /** The keys that give items of lists an identity, in the order in which they are tried. */
  private static final List<String> IDENTITY_KEYS = List.of("name", "id", "uuid");

  private final ImportanceTable importances;
  private final Set<String> ignored;
  private final List<Difference> differences = new ArrayList<>();
  private long unchanged;

  /**
   * @param ignored names whose values are not compared
   */
  Comparison(ImportanceTable importances, Set<String> ignored) {
    this.importances = importances;
    this.ignored = ignored;
  }

  /** What differs, in the order of a report. */
  List<Difference> differences() {
    return differences.stream().sorted(Difference.ORDER).toList();
  }

  /** How many leaves are the same in both. */
  long unchanged() {
    return unchanged;
  }

  void compare(Path path, Node a, Node b) {
    if (ignored.contains(path.name())) {
      return;
    }
    if (a instanceof Node.Mapping before && b instanceof Node.Mapping after) {
      if (before.values().isEmpty() && after.values().isEmpty()) {
        unchanged++;
      } else {
        objects(path, before.values(), after.values());
      }
    } else if (a instanceof Node.Sequence before && b instanceof Node.Sequence after) {
      if (before.values().isEmpty() && after.values().isEmpty()) {
        unchanged++;
      } else {
        lists(path, before.values(), after.values());
      }
    } else if (a.says(b)) {
      unchanged++;
    } else {
      add(path, Kind.MODIFIED, Optional.of(a), Optional.of(b));
    }
  }

  private void objects(Path path, Map<String, Node> a, Map<String, Node> b) {
    a.forEach(
        (key, before) -> {
          Node after = b.get(key);
          if (after == null) {
            leaves(path.child(key), Kind.REMOVED, before);
          } else if (isScalar(before) && before.says(after) && !ignored.contains(key)) {
            // Most values are the same, and nobody asks where they are.
            unchanged++;
          } else {
            compare(path.child(key), before, after);
          }
        });
    b.forEach(
        (key, after) -> {
          if (!a.containsKey(key)) {
            leaves(path.child(key), Kind.ADDED, after);
          }
        });
  }

  private static boolean isScalar(Node node) {
    return !(node instanceof Node.Mapping) && !(node instanceof Node.Sequence);
  }

  private void lists(Path path, List<Node> a, List<Node> b) {
    String key = identityKey(a, b);
    if (key != null) {
      items(path, key, a, b);
      return;
    }
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      if (i >= a.size()) {
        leaves(path.item(i), Kind.ADDED, b.get(i));
      } else if (i >= b.size()) {
        leaves(path.item(i), Kind.REMOVED, a.get(i));
      } else {
        compare(path.item(i), a.get(i), b.get(i));
      }
    }
  }

  private void items(Path path, String key, List<Node> a, List<Node> b) {
    Map<String, Integer> inA = numbers(key, a);
    Map<String, Integer> inB = numbers(key, b);
    inA.forEach(
        (identity, i) -> {
          int j = inB.getOrDefault(identity, -1);
          Path item = path.item(key, identity, i, j);
          if (j < 0) {
            leaves(item, Kind.REMOVED, a.get(i));
          } else {
            compare(item, a.get(i), b.get(j));
          }
        });
    inB.forEach(
        (identity, j) -> {
          if (!inA.containsKey(identity)) {
            leaves(path.item(key, identity, -1, j), Kind.ADDED, b.get(j));
          }
        });
  }

  /** The key by which items of both lists can be told apart; null where there is none. */
  private static @Nullable String identityKey(List<Node> a, List<Node> b) {
    for (String key : IDENTITY_KEYS) {
      if (numbers(key, a).size() == a.size() && numbers(key, b).size() == b.size()) {
        return key;
      }
    }
    return null;
  }

  /**
   * By identity: the number of the item. Fewer than the items where some have none of their own.
   */
  private static Map<String, Integer> numbers(String key, List<Node> items) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Node identity = items.get(i).find(key).orElse(null);
      if (!(identity instanceof Node.Text) && !(identity instanceof Node.Decimal)) {
        return Map.of();
      }
      numbers.putIfAbsent(ScalarText.of(identity), i);
    }
    return numbers;
  }

  /** Notes each leaf of a value that is on one side only. */
  private void leaves(Path path, Kind kind, Node value) {
    if (ignored.contains(path.name())) {
      return;
    }
    if (value instanceof Node.Mapping mapping && !mapping.values().isEmpty()) {
      mapping.values().forEach((key, inner) -> leaves(path.child(key), kind, inner));
    } else if (value instanceof Node.Sequence list && !list.values().isEmpty()) {
      String key = identityKey(list.values(), List.of());
      for (int i = 0; i < list.values().size(); i++) {
        Node inner = list.values().get(i);
        Path item =
            key == null
                ? path.item(i)
                : path.item(key, ScalarText.of(inner.find(key).orElseThrow()), i, i);
        leaves(item, kind, inner);
      }
    } else {
      add(
          path,
          kind,
          kind == Kind.ADDED ? Optional.empty() : Optional.of(value),
          kind == Kind.ADDED ? Optional.of(value) : Optional.empty());
    }
  }

  private void add(Path path, Kind kind, Optional<Node> old, Optional<Node> now) {
    differences.add(new Difference(path, kind, old, now, importances.of(path.name())));
  }
}
