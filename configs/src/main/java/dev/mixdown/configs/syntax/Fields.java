package dev.mixdown.configs.syntax;

import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the fields of one object by name and type. What is missing or of the wrong type becomes a
 * problem, and reading goes on with a harmless value, so that one reading finds every problem.
 *
 * <p>A key that nobody asked for is a problem too, unless it begins with {@code x_} or {@code x-}:
 * those are a user's own notes.
 */
public final class Fields {
  private final Node.Mapping mapping;
  private final Problems problems;
  private final Set<String> asked = new LinkedHashSet<>();

  private Fields(Node.Mapping mapping, Problems problems) {
    this.mapping = mapping;
    this.problems = problems;
  }

  /** The fields of {@code node}; none, and a problem, when it is no object. */
  public static Fields of(Node node, Problems problems) {
    if (node instanceof Node.Mapping mapping) {
      return new Fields(mapping, problems);
    }
    problems.add(node, name(node) + " is " + node.kind() + "; an object is expected");
    return new Fields(new Node.Mapping(node.place(), node.at(), Map.of(), Map.of()), problems);
  }

  /** The object itself. */
  public Node.Mapping mapping() {
    return mapping;
  }

  /** The value under {@code key}; null values count as absent. */
  public Optional<Node> node(String key) {
    asked.add(key);
    return Optional.ofNullable(mapping.values().get(key))
        .filter(node -> !(node instanceof Node.Null));
  }

  /** The value under a key that has to be there. */
  public Optional<Node> required(String key) {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      problems.add(
          mapping,
          (mapping.pointer().isEmpty() ? "" : name(mapping) + ": ")
              + "the key \""
              + key
              + "\" is missing");
    }
    return node;
  }

  /** Text that is not blank. */
  public Optional<String> text(String key) {
    return node(key).flatMap(this::text);
  }

  /** A value's text, which may not be blank. */
  public Optional<String> text(Node node) {
    if (node instanceof Node.Text text && !text.value().isBlank()) {
      return Optional.of(text.value());
    }
    problems.add(
        node,
        node instanceof Node.Text
            ? name(node) + " is empty"
            : name(node) + " is " + node.kind() + "; text in quotes is expected");
    return Optional.empty();
  }

  /** Text, a number, or true or false, as text: for values that people write in either way. */
  public Optional<String> scalar(String key) {
    return node(key)
        .flatMap(
            node -> {
              if (node instanceof Node.Mapping || node instanceof Node.Sequence) {
                problems.add(node, name(node) + " is " + node.kind() + "; one value is expected");
                return Optional.empty();
              }
              return Optional.of(String.valueOf(node.plain()));
            });
  }

  /** Text that has to be there. */
  public Optional<String> requiredText(String key) {
    return required(key).flatMap(this::text);
  }

  /** One of some words. */
  public Optional<String> choice(String key, List<String> words) {
    return node(key)
        .flatMap(
            node -> {
              if (node instanceof Node.Text text && words.contains(text.value())) {
                return Optional.of(text.value());
              }
              String hint =
                  node instanceof Node.Text text
                      ? DidYouMean.nearest(text.value(), words)
                          .map(n -> "; did you mean \"" + n + "\"?")
                          .orElse("")
                      : "";
              problems.add(
                  node,
                  name(node)
                      + " is "
                      + node.kind()
                      + "; it has to be one of "
                      + String.join(", ", words)
                      + hint);
              return Optional.empty();
            });
  }

  /** True or false. */
  public Optional<Boolean> bool(String key) {
    return node(key)
        .flatMap(
            node -> {
              if (node instanceof Node.Bool bool) {
                return Optional.of(bool.value());
              }
              problems.add(node, name(node) + " is " + node.kind() + "; true or false is expected");
              return Optional.empty();
            });
  }

  /** A number of at least 0, exactly as written. */
  public Optional<BigDecimal> decimal(String key) {
    return node(key).flatMap(node -> decimal(node, true));
  }

  /** A number of any sign, exactly as written. */
  public Optional<BigDecimal> signed(String key) {
    return node(key).flatMap(node -> decimal(node, false));
  }

  private Optional<BigDecimal> decimal(Node node, boolean atLeast0) {
    if (!(node instanceof Node.Decimal number)) {
      problems.add(
          node,
          name(node)
              + " is "
              + node.kind()
              + "; a number is expected"
              + (node instanceof Node.Text ? ", without quotes" : ""));
      return Optional.empty();
    }
    if (atLeast0 && number.value().signum() < 0) {
      problems.add(node, name(node) + " is " + number.value() + "; it may not be below 0");
      return Optional.empty();
    }
    if (Math.abs(number.value().scale()) > 100 || number.value().precision() > 100) {
      problems.add(node, name(node) + " has more than a hundred digits; round it");
      return Optional.empty();
    }
    return Optional.of(number.value());
  }

  /** A whole number from {@code least} to {@code most}. */
  public Optional<Long> integer(String key, long least, long most) {
    return node(key)
        .flatMap(
            node -> {
              if (node instanceof Node.Decimal number) {
                try {
                  long value = number.value().longValueExact();
                  if (value >= least && value <= most) {
                    return Optional.of(value);
                  }
                } catch (ArithmeticException e) {
                  // Said below: a fraction, or beyond a long.
                }
              }
              problems.add(
                  node,
                  name(node)
                      + " is "
                      + node.kind()
                      + "; a whole number "
                      + (most == Long.MAX_VALUE
                          ? least == Long.MIN_VALUE ? "is" : "of at least " + least + " is"
                          : "from " + least + " to " + most + " is")
                      + " expected");
              return Optional.empty();
            });
  }

  /** A list of texts, empty when absent. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Node node : list(key)) {
      text(node).ifPresent(texts::add);
    }
    return texts;
  }

  /** The values of a list, empty when absent. */
  public List<Node> list(String key) {
    return node(key)
        .map(
            node -> {
              if (node instanceof Node.Sequence sequence) {
                return sequence.values();
              }
              problems.add(node, name(node) + " is " + node.kind() + "; a list is expected");
              return List.<Node>of();
            })
        .orElse(List.of());
  }

  /** The fields of an object below this one. */
  public Optional<Fields> object(String key) {
    return node(key).map(node -> Fields.of(node, problems));
  }

  /** An object of numbers of at least 0, in the order of the file. */
  public Map<String, BigDecimal> decimals(String key) {
    Map<String, BigDecimal> decimals = new LinkedHashMap<>();
    object(key)
        .ifPresent(
            fields ->
                fields
                    .mapping
                    .values()
                    .forEach(
                        (name, node) ->
                            fields
                                .decimal(node, true)
                                .ifPresent(value -> decimals.put(name, value))));
    return decimals;
  }

  /** The objects of an object of objects, by key, in the order of the file. */
  public Map<String, Fields> objects(String key) {
    Map<String, Fields> objects = new LinkedHashMap<>();
    object(key)
        .ifPresent(
            fields ->
                fields
                    .mapping
                    .values()
                    .forEach((name, node) -> objects.put(name, Fields.of(node, problems))));
    return objects;
  }

  /** Reports every key that nobody asked for. Call it after the last question. */
  public void refuseOthers() {
    for (Map.Entry<String, Place> key : mapping.keys().entrySet()) {
      String name = key.getKey();
      if (!asked.contains(name) && !isNote(name)) {
        problems.add(
            new Problem(
                key.getValue(),
                pointer(name),
                "unknown key \""
                    + name
                    + "\""
                    + DidYouMean.hint(name, asked)
                    + " (a note of your own begins with x_)"));
      }
    }
  }

  /**
   * Reports only those keys that nobody asked for that are most likely misspelt, for files in which
   * people keep keys of their own. Call it after the last question.
   */
  public void refuseMisspelt() {
    for (Map.Entry<String, Place> key : mapping.keys().entrySet()) {
      String name = key.getKey();
      if (!asked.contains(name) && !isNote(name)) {
        DidYouMean.nearest(name, asked, 2)
            .ifPresent(
                near ->
                    problems.add(
                        new Problem(
                            key.getValue(),
                            pointer(name),
                            "unknown key \"%s\"; did you mean \"%s\"?".formatted(name, near))));
      }
    }
  }

  /** Whether a key is somebody's own note. */
  public static boolean isNote(String key) {
    return key.startsWith("x_") || key.startsWith("x-");
  }

  private String pointer(String key) {
    Node value = mapping.values().get(key);
    return value == null ? mapping.at().child(key).toString() : value.pointer();
  }

  /** The keys that nobody asked for, in the order of the file. */
  public List<String> others() {
    return mapping.values().keySet().stream().filter(key -> !asked.contains(key)).toList();
  }

  /** A value's last name in its pointer, with its index where it stands in a list. */
  private static String name(Node node) {
    String pointer = node.pointer();
    if (pointer.isEmpty()) {
      return "the document";
    }
    String[] parts = pointer.substring(1).split("/", -1);
    String last = parts[parts.length - 1].replace("~1", "/").replace("~0", "~");
    boolean index = parts.length > 1 && last.chars().allMatch(Character::isDigit);
    return index ? parts[parts.length - 2] + "[" + last + "]" : last;
  }
}
