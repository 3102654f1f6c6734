package dev.mixdown.recipes.checking;

import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.BundledText;
import dev.mixdown.recipes.SizeClass;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The values that published recipes have for a parameter: {@code bands.yaml}.
 *
 * @param lora whether it is of LoRA, or of full training; empty for both
 * @param sizes it is of; empty for all
 * @param low as it is written
 * @param high as it is written
 */
record Band(
    String parameter,
    List<Algorithm> algorithms,
    Optional<Boolean> lora,
    List<SizeClass> sizes,
    Node.Decimal low,
    Node.Decimal high,
    String sources) {
  private static final String FILE = "bands.yaml";

  /** All bands. */
  static List<Band> published() {
    Problems problems = new Problems(FILE);
    Node.Sequence all =
        (Node.Sequence)
            YamlTree.read(BundledText.of(Band.class, FILE), FILE, problems).orElseThrow();
    List<Band> bands = new ArrayList<>();
    for (Node node : all.values()) {
      Fields fields = Fields.of(node, problems);
      bands.add(
          new Band(
              fields.requiredText("parameter").orElse(""),
              fields.texts("algorithms").stream().flatMap(a -> Algorithm.of(a).stream()).toList(),
              fields.bool("lora"),
              fields.texts("sizes").stream().flatMap(s -> SizeClass.of(s).stream()).toList(),
              (Node.Decimal) fields.required("low").orElseThrow(),
              (Node.Decimal) fields.required("high").orElseThrow(),
              fields.requiredText("sources").orElse("")));
      fields.refuseOthers();
    }
    problems.throwIfAny();
    return bands;
  }

  boolean isOf(String name, Algorithm algorithm, boolean withLora, SizeClass size) {
    return parameter.equals(name)
        && algorithms.contains(algorithm)
        && lora.map(l -> l == withLora).orElse(true)
        && (sizes.isEmpty() || sizes.contains(size));
  }

  boolean has(BigDecimal value) {
    return low.value().compareTo(value) <= 0 && high.value().compareTo(value) >= 0;
  }
}
