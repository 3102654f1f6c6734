package dev.mixdown.recipes.checking;

import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.diff.ImportanceTable;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The known parameters of a config: those at its top, and by other names or in objects of it where
 * no two may be meant. {@code optim.lr} is the learning rate, unless {@code critic.lr} is there
 * too.
 */
public final class KnownParameters {
  private final Parameters parameters = Parameters.standard();
  private final Map<String, Node> values = new LinkedHashMap<>();

  /** The known parameters of a config. */
  public KnownParameters(Node.Mapping config) {
    Set<String> twice = new HashSet<>();
    find(config, ImportanceTable.standard(), twice);
    twice.forEach(values::remove);
    config
        .values()
        .forEach((name, value) -> parameters.find(name).ifPresent(p -> values.put(name, value)));
  }

  private void find(Node.Mapping config, ImportanceTable names, Set<String> twice) {
    config
        .values()
        .forEach(
            (name, value) -> {
              if (value instanceof Node.Mapping inner) {
                find(inner, names, twice);
                return;
              }
              String known =
                  parameters.find(name).isPresent() ? name : names.parameter(name).orElse(name);
              if (parameters.find(known).isPresent() && values.put(known, value) != null) {
                twice.add(known);
              }
            });
  }

  /** By name. */
  public Map<String, Node> values() {
    return values;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** A whole number of at least 1, within its bounds; empty where it has none. */
  OptionalLong whole(String name) {
    Node value = values.get(name);
    boolean sound =
        value != null
            && parameters.find(name).flatMap(parameter -> parameter.problem(value)).isEmpty();
    Optional<Long> number = value == null || !sound ? Optional.empty() : value.wholeNumber();
    return number.filter(n -> n > 0).map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  /** A number; empty where there is none. */
  public Optional<BigDecimal> number(String name) {
    return values.get(name) instanceof Node.Decimal number
        ? Optional.of(number.value())
        : Optional.empty();
  }

  boolean isTrue(String name) {
    return values.get(name) instanceof Node.Bool bool && bool.value();
  }
}
