package dev.mixdown.registry.experience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.Parameter;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.checking.KnownParameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers that a training is set by: the known parameters of a config, under any of their
 * names, that its algorithm uses.
 *
 * @param algorithm empty where the config does not say it
 * @param numbers by the parameters' names; {@code lora_enabled} is 0 or 1
 */
public record TrainingParameters(Optional<Algorithm> algorithm, Map<String, Double> numbers) {
  /**
   * The parameters of a config.
   *
   * @param algorithm where the config says none
   */
  public static TrainingParameters of(Node config, Optional<Algorithm> algorithm) {
    if (!(config instanceof Node.Mapping mapping)) {
      return new TrainingParameters(algorithm, Map.of());
    }
    Optional<Algorithm> trained =
        Optional.ofNullable(mapping.values().get("algorithm"))
            .filter(Node.Text.class::isInstance)
            .flatMap(text -> Algorithm.of(((Node.Text) text).value()))
            .or(() -> algorithm);
    KnownParameters known = new KnownParameters(mapping);
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String name : known.values().keySet()) {
      Parameter parameter = Parameters.standard().find(name).orElseThrow();
      if (trained.map(parameter::isUsedBy).orElse(true)) {
        known.number(name).ifPresent(number -> numbers.put(name, number.doubleValue()));
        if (known.values().get(name) instanceof Node.Bool bool) {
          numbers.put(name, bool.value() ? 1.0 : 0.0);
        }
      }
    }
    if (Double.valueOf(0).equals(numbers.get(Parameters.LORA_ENABLED))) {
      numbers.remove(Parameters.LORA_RANK);
    }
    return new TrainingParameters(trained, numbers);
  }

  /** The same, of a config in JSON. */
  public static TrainingParameters of(ObjectNode config) {
    Problems problems = new Problems();
    return JsonTree.values(Json.line(config), "config", problems)
        .map(node -> of(node, Optional.empty()))
        .orElse(new TrainingParameters(Optional.empty(), Map.of()));
  }
}
