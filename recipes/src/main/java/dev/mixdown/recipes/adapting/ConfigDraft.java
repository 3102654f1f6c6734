package dev.mixdown.recipes.adapting;

import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Pointer;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.Recipe;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A config while it is being adapted: each value, and how it came to be. What a person has set is
 * never replaced.
 */
final class ConfigDraft {
  private final Recipe recipe;
  private final Overrides overrides;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Change> changes = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param config the recipe's, with what was set laid over it
   */
  ConfigDraft(Recipe recipe, Overrides overrides, Node.Mapping config) {
    this.recipe = recipe;
    this.overrides = overrides;
    values.putAll(config.values());
    values.forEach(this::explain);
  }

  /** What is not adapted keeps the recipe's value, or has the one that was set. */
  private void explain(String name, Node value) {
    Node from = recipe.defaultConfig().values().get(name);
    boolean inPart =
        overrides.values().keySet().stream().anyMatch(path -> path.get(0).equals(name));
    changes.put(
        name,
        inPart
            ? new Change(name, from, value, "set by hand", "--set")
            : new Change(
                name, from, value, "kept", recipe.sources().getOrDefault(name, recipe.fullName())));
  }

  /** Whether a person has set it. */
  boolean isSet(String name) {
    return overrides.find(name).isPresent();
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Gives a parameter a value, unless a person has set it. */
  void put(String name, Node value, String why, String source) {
    put(name, recipe.defaultConfig().values().get(name), value, why, source);
  }

  /**
   * The same for a parameter that the recipe does not have, but means.
   *
   * @param from what it means
   */
  void put(String name, @Nullable Node from, Node value, String why, String source) {
    if (!isSet(name)) {
      values.put(name, value);
      changes.put(name, new Change(name, from, value, why, source));
    }
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  /** The whole number of a parameter; empty where it has none. */
  OptionalLong number(String name) {
    return number(values, name);
  }

  /** The recipe's own whole number of a parameter. */
  OptionalLong ownNumber(String name) {
    return number(recipe.defaultConfig().values(), name);
  }

  private static OptionalLong number(Map<String, Node> values, String name) {
    Node node = values.get(name);
    Optional<Long> number = node == null ? Optional.empty() : node.wholeNumber();
    return number.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  Optional<BigDecimal> decimal(String name) {
    return values.get(name) instanceof Node.Decimal number
        ? Optional.of(number.value())
        : Optional.empty();
  }

  /** Whether adapters are trained. */
  boolean lora() {
    return lora(values);
  }

  /** Whether the recipe itself trains adapters. */
  boolean ownLora() {
    return lora(recipe.defaultConfig().values());
  }

  private static boolean lora(Map<String, Node> values) {
    return values.get(Parameters.LORA_ENABLED) instanceof Node.Bool bool && bool.value();
  }

  /** A whole number as a value. */
  static Node whole(long number) {
    return new Node.Decimal(Place.of(""), Pointer.ROOT, String.valueOf(number));
  }

  Node.Mapping config() {
    return new Node.Mapping(
        recipe.defaultConfig().place(), Pointer.ROOT, values, recipe.defaultConfig().keys());
  }

  /** How each value came to be, in the order of the config. */
  List<Change> changes() {
    List<Change> inOrder = new ArrayList<>();
    for (String name : values.keySet()) {
      Change change = changes.get(name);
      if (change != null) {
        inOrder.add(change);
      }
    }
    return inOrder;
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
