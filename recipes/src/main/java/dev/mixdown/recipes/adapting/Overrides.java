package dev.mixdown.recipes.adapting;

import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Pointer;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import dev.mixdown.recipes.Parameter;
import dev.mixdown.recipes.Parameters;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values that a person sets over those of a recipe: {@code a.b=c}, whose value is read as YAML, or
 * the values of a JSON object.
 *
 * @param values by the keys that lead to them
 */
public record Overrides(Map<List<String>, Node> values) {
  /** None. */
  public static final Overrides NONE = new Overrides(Map.of());

  private static final String SET = "--set";

  /**
   * Reads what was said with {@code --set}.
   *
   * @param problems takes what cannot be read
   */
  public static Overrides parse(Collection<String> texts, Problems problems) {
    Map<List<String>, Node> values = new LinkedHashMap<>();
    for (String text : texts) {
      String file = SET + " " + text;
      int equals = text.indexOf('=');
      List<String> path =
          equals < 1 ? List.of() : List.of(text.substring(0, equals).split("\\.", -1));
      if (path.isEmpty() || path.stream().anyMatch(String::isBlank)) {
        problems.add(file, "a key, = and a value are expected, as learning_rate=1e-5");
        continue;
      }
      String written = text.substring(equals + 1);
      Optional<Node> value =
          written.isBlank()
              ? Optional.of(new Node.Text(Place.of(file), Pointer.ROOT, written))
              : YamlTree.read(written, file, problems);
      value.ifPresent(
          node -> {
            if (values.put(path, node) != null) {
              problems.add(file, "%s is set twice".formatted(String.join(".", path)));
            }
          });
    }
    return new Overrides(values);
  }

  /** The values of an object; of objects in it, theirs. */
  public static Overrides of(Node.Mapping object) {
    Map<List<String>, Node> values = new LinkedHashMap<>();
    collect(List.of(), object, values);
    return new Overrides(values);
  }

  private static void collect(
      List<String> path, Node.Mapping object, Map<List<String>, Node> values) {
    object
        .values()
        .forEach(
            (key, value) -> {
              List<String> longer = Stream.concat(path.stream(), Stream.of(key)).toList();
              if (value instanceof Node.Mapping inner && !inner.values().isEmpty()) {
                collect(longer, inner, values);
              } else {
                values.put(longer, value);
              }
            });
  }

  /** The value of a parameter at the top of the config. */
  Optional<Node> find(String name) {
    return Optional.ofNullable(values.get(List.of(name)));
  }

  /**
   * A config with these values laid over it.
   *
   * @param problems takes keys that the config does not have and nobody knows, and values of the
   *     wrong type
   */
  Node.Mapping over(Node.Mapping config, Parameters parameters, Problems problems) {
    Node.Mapping changed = config;
    for (Map.Entry<List<String>, Node> entry : values.entrySet()) {
      changed = with(changed, entry.getKey(), 0, entry.getValue(), parameters, problems);
    }
    return changed;
  }

  private static Node.Mapping with(
      Node.Mapping config,
      List<String> path,
      int depth,
      Node value,
      Parameters parameters,
      Problems problems) {
    String key = path.get(depth);
    Node old = config.values().get(key);
    Optional<Parameter> parameter = depth == 0 ? parameters.find(key) : Optional.empty();
    boolean last = depth == path.size() - 1;
    if (old == null && (parameter.isEmpty() || !last)) {
      TreeSet<String> known = new TreeSet<>(config.values().keySet());
      if (depth == 0) {
        known.addAll(parameters.names());
      }
      problems.add(
          new Problem(
              value.place(),
              "",
              "unknown key \"%s\"%s"
                  .formatted(
                      String.join(".", path.subList(0, depth + 1)),
                      DidYouMean.nearest(key, known)
                          .map(n -> "; did you mean \"" + n + "\"?")
                          .orElse("; known are " + String.join(", ", known)))));
      return config;
    }
    Map<String, Node> values = new LinkedHashMap<>(config.values());
    if (last) {
      typeProblem(old, value, parameter)
          .ifPresent(
              problem ->
                  problems.add(
                      new Problem(value.place(), "", String.join(".", path) + " " + problem)));
      values.put(key, value);
    } else if (old instanceof Node.Mapping inner) {
      values.put(key, with(inner, path, depth + 1, value, parameters, problems));
    } else {
      problems.add(
          new Problem(
              value.place(),
              "",
              "%s is %s, and has no \"%s\" in it"
                  .formatted(
                      String.join(".", path.subList(0, depth + 1)),
                      old == null ? "absent" : old.kind(),
                      path.get(depth + 1))));
    }
    return new Node.Mapping(config.place(), config.at(), values, config.keys());
  }

  /** A known parameter has a type; a value of the recipe's own keeps its kind. */
  private static Optional<String> typeProblem(
      @Nullable Node old, Node value, Optional<Parameter> parameter) {
    if (parameter.isPresent()) {
      return parameter.get().problem(value);
    }
    if (old == null
        || old instanceof Node.Null
        || value instanceof Node.Null
        || old.getClass() == value.getClass()) {
      return Optional.empty();
    }
    return Optional.of("is %s; the recipe has %s there".formatted(value.kind(), old.kind()));
  }
}
