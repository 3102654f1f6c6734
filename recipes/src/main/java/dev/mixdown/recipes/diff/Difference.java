package dev.mixdown.recipes.diff;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Secrets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One value that is in one config only, or another one in each.
 *
 * @param old in the first; empty where it was added
 * @param now in the second; empty where it was removed
 */
public record Difference(
    Path path, Kind kind, Optional<Node> old, Optional<Node> now, Importance importance) {
  /** What matters most comes first; the order is total. */
  static final Comparator<Difference> ORDER =
      Comparator.comparing(Difference::importance)
          .thenComparing(Difference::where)
          .thenComparing(Difference::kind);

  private static final String MASK = "***";

  /** The longest value that people see whole. */
  private static final int MOST_CHARACTERS = 100;

  /** What happened to a value. */
  public enum Kind {
    ADDED("[+]"),
    REMOVED("[-]"),
    MODIFIED("[~]");

    private final String mark;

    Kind(String mark) {
      this.mark = mark;
    }

    /** As documents have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** As reports have it. */
    String mark() {
      return mark;
    }
  }

  /** Where it is, as people write it. */
  public String where() {
    return path.shown();
  }

  /** The value or values in one line. */
  public String text() {
    return switch (kind) {
      case ADDED -> shown(now);
      case REMOVED -> shown(old);
      case MODIFIED -> shown(old) + " -> " + shown(now);
    };
  }

  private String shown(Optional<Node> value) {
    String text = value.map(node -> ScalarText.of(masked(node))).orElse("");
    int characters = text.codePointCount(0, text.length());
    return characters <= MOST_CHARACTERS
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MOST_CHARACTERS))
            + "... (%,d characters)".formatted(characters);
  }

  /** The entry of {@code diffs}. */
  ObjectNode json() {
    ObjectNode json = Json.object().put("path", path.shown()).put("type", kind.word());
    json.set("old_value", Json.tree(plain(old)));
    json.set("new_value", Json.tree(plain(now)));
    json.put("importance", importance.word());
    return json.put("pointer", path.pointer(kind == Kind.REMOVED).toString());
  }

  private @Nullable Object plain(Optional<Node> value) {
    return value.isEmpty() ? null : masked(value.get()).plain();
  }

  /** A value without what is secret in it. */
  private Node masked(Node node) {
    return masked(node, path.secret());
  }

  private static Node masked(Node node, boolean secret) {
    if (node instanceof Node.Mapping mapping) {
      Map<String, Node> values = new LinkedHashMap<>();
      mapping
          .values()
          .forEach((key, value) -> values.put(key, masked(value, secret || Path.isSecret(key))));
      return new Node.Mapping(mapping.place(), mapping.at(), values, mapping.keys());
    }
    if (node instanceof Node.Sequence list) {
      return new Node.Sequence(
          list.place(), list.at(), list.values().stream().map(v -> masked(v, secret)).toList());
    }
    if (secret && !(node instanceof Node.Null)) {
      return new Node.Text(node.place(), node.at(), MASK);
    }
    return node instanceof Node.Text text
        ? new Node.Text(text.place(), text.at(), Secrets.masked(text.value()))
        : node;
  }
}
