package dev.mixdown.configs.tree;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON or YAML file that knows where it stands. Both formats are read into this one
 * tree, so that everything above it, and every message, is the same for both.
 */
public sealed interface Node {
  /** Where the value begins. */
  Place place();

  /** The value's JSON pointer in its file; empty for the root. */
  String pointer();

  /** What a user calls this kind of value: "a list", "text". */
  String kind();

  /** The value as plain Java: maps, lists, strings, decimals, booleans and null. */
  @Nullable Object plain();

  /** The value that keys lead to from here; empty where there is none, or it is null. */
  default Optional<Node> find(String... keys) {
    Node node = this;
    for (String key : keys) {
      Node child = node instanceof Mapping mapping ? mapping.values().get(key) : null;
      if (child == null || child instanceof Null) {
        return Optional.empty();
      }
      node = child;
    }
    return Optional.of(node);
  }

  /** A mapping, in the order of the file. */
  record Mapping(Place place, String pointer, Map<String, Node> values, Map<String, Place> keys)
      implements Node {
    @Override
    public String kind() {
      return "an object";
    }

    @Override
    public Map<String, @Nullable Object> plain() {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      values.forEach((key, value) -> plain.put(key, value.plain()));
      return plain;
    }
  }

  /** A list. */
  record Sequence(Place place, String pointer, List<Node> values) implements Node {
    @Override
    public String kind() {
      return "a list";
    }

    @Override
    public List<@Nullable Object> plain() {
      List<@Nullable Object> plain = new ArrayList<>();
      values.forEach(value -> plain.add(value.plain()));
      return plain;
    }
  }

  /** Text, in quotes or (YAML) without. */
  record Text(Place place, String pointer, String value) implements Node {
    @Override
    public String kind() {
      return "the text \"" + value + "\"";
    }

    @Override
    public String plain() {
      return value;
    }
  }

  /** A number, exactly as it was written. */
  record Decimal(Place place, String pointer, BigDecimal value) implements Node {
    @Override
    public String kind() {
      return "the number " + value;
    }

    @Override
    public BigDecimal plain() {
      return value;
    }
  }

  /** True or false. */
  record Bool(Place place, String pointer, boolean value) implements Node {
    @Override
    public String kind() {
      return String.valueOf(value);
    }

    @Override
    public Boolean plain() {
      return value;
    }
  }

  /** Null, or nothing at all after a YAML key. */
  record Null(Place place, String pointer) implements Node {
    @Override
    public String kind() {
      return "null";
    }

    @Override
    public @Nullable Object plain() {
      return null;
    }
  }

  /** The pointer of the value under {@code key} in {@code parent}. */
  static String pointer(String parent, String key) {
    return parent + "/" + key.replace("~", "~0").replace("/", "~1");
  }
}
