package dev.mixdown.configs.syntax;

import dev.mixdown.configs.problems.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON or YAML file that knows where it stands. Both formats are read into this one
 * tree, so that everything above it, and every message, is the same for both.
 */
public sealed interface Node {
  /** Where the value begins. */
  Place place();

  /** Where in its file it stands. */
  Pointer at();

  /** The value's JSON pointer in its file; empty for the root. */
  default String pointer() {
    return at().toString();
  }

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

  /** Whether another value says the same: 0.4 and 0.40 do. Places do not matter. */
  default boolean says(Node other) {
    if (this instanceof Decimal a && other instanceof Decimal b) {
      return a.written().equals(b.written()) || a.value().compareTo(b.value()) == 0;
    }
    if (this instanceof NonFinite || other instanceof NonFinite) {
      return getClass() == other.getClass() && Objects.equals(plain(), other.plain());
    }
    if (this instanceof Sequence a && other instanceof Sequence b) {
      return a.values().size() == b.values().size()
          && IntStream.range(0, a.values().size())
              .allMatch(i -> a.values().get(i).says(b.values().get(i)));
    }
    if (this instanceof Mapping a && other instanceof Mapping b) {
      return a.values().keySet().equals(b.values().keySet())
          && a.values().entrySet().stream()
              .allMatch(e -> e.getValue().says(b.values().getOrDefault(e.getKey(), a)));
    }
    return Objects.equals(plain(), other.plain());
  }

  /**
   * This value with another laid over it: objects key by key, whatever else is replaced. Every
   * value keeps its own place.
   */
  default Node overlaidBy(Node above) {
    if (!(this instanceof Mapping base) || !(above instanceof Mapping top)) {
      return above;
    }
    Map<String, Node> values = new LinkedHashMap<>(base.values());
    Map<String, Place> keys = new LinkedHashMap<>(base.keys());
    top.values()
        .forEach((key, value) -> values.merge(key, value, (below, over) -> below.overlaidBy(over)));
    keys.putAll(top.keys());
    return new Mapping(base.place(), base.at(), values, keys);
  }

  /** The text that this is; empty where it is anything else. */
  default Optional<String> textValue() {
    return this instanceof Text text ? Optional.of(text.value()) : Optional.empty();
  }

  /** The whole number that this is; empty where it is anything else. */
  default Optional<Long> wholeNumber() {
    try {
      return this instanceof Decimal number
          ? Optional.of(number.value().longValueExact())
          : Optional.empty();
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** A mapping, in the order of the file. */
  record Mapping(Place place, Pointer at, Map<String, Node> values, Map<String, Place> keys)
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
  record Sequence(Place place, Pointer at, List<Node> values) implements Node {
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
  record Text(Place place, Pointer at, String value) implements Node {
    @Override
    public String kind() {
      return "the text \"" + value + "\"";
    }

    @Override
    public String plain() {
      return value;
    }
  }

  /**
   * A number.
   *
   * @param written exactly as it was written; within the bounds of {@link Numbers}
   */
  record Decimal(Place place, Pointer at, String written) implements Node {
    /** Its value, exactly. */
    public BigDecimal value() {
      return Numbers.parse(written);
    }

    @Override
    public String kind() {
      return "the number " + value();
    }

    @Override
    public BigDecimal plain() {
      return value();
    }
  }

  /**
   * A number that is none, or has no end, which few formats can write and no config can use.
   *
   * @param written {@code NaN}, {@code Infinity} or {@code -Infinity}
   */
  record NonFinite(Place place, Pointer at, String written) implements Node {
    @Override
    public String kind() {
      return written;
    }

    @Override
    public String plain() {
      return written;
    }
  }

  /** True or false. */
  record Bool(Place place, Pointer at, boolean value) implements Node {
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
  record Null(Place place, Pointer at) implements Node {
    @Override
    public String kind() {
      return "null";
    }

    @Override
    public @Nullable Object plain() {
      return null;
    }
  }
}
