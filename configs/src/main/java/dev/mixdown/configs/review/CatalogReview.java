package dev.mixdown.configs.review;

import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.Condition.Comparison;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageCatalog.Variant;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether stages can follow one another as {@code stage_config.yaml} says. */
final class CatalogReview {
  private final StageCatalog catalog;
  private final Problems errors;
  private final Problems warnings;

  private CatalogReview(StageCatalog catalog, Problems errors, Problems warnings) {
    this.catalog = catalog;
    this.errors = errors;
    this.warnings = warnings;
  }

  /**
   * Looks at the stages, but at none of their configs.
   *
   * @param errors takes what makes a stage unusable
   * @param warnings takes what is probably not meant
   */
  static void review(StageCatalog catalog, Problems errors, Problems warnings) {
    CatalogReview review = new CatalogReview(catalog, errors, warnings);
    review.priorities();
    for (Stage stage : catalog.stages().values()) {
      review.variants(stage);
      review.reachable(stage);
    }
  }

  private void priorities() {
    Map<Long, String> owners = new HashMap<>();
    for (Stage stage : catalog.stages().values()) {
      if (stage.priority().isEmpty()) {
        continue;
      }
      long priority = stage.priority().get();
      String other = owners.putIfAbsent(priority, stage.key());
      if (other != null) {
        warnings.add(
            stage.node().find("priority").orElse(stage.node()),
            "priority %d is that of stage \"%s\" too, so the order of the file decides; give each its own"
                .formatted(priority, other));
      }
    }
  }

  private void variants(Stage stage) {
    if (stage.variants().isEmpty()) {
      return;
    }
    Node node = stage.node().find("variants").orElse(stage.node());
    BigDecimal sum = BigDecimal.ZERO;
    int arms = 0;
    for (Variant variant : stage.variants().values()) {
      sum = sum.add(variant.weight());
      arms += variant.weight().signum();
    }
    if (arms == 0) {
      errors.add(
          node,
          "the weights of the variants of \"%s\" are all 0, so no unit has an arm; raise one"
              .formatted(stage.key()));
    } else if (arms == 1) {
      warnings.add(
          node,
          "only one variant of \"%s\" has a weight above 0, so there is nothing to compare; give another one a weight"
              .formatted(stage.key()));
    }
    if (arms > 0
        && stage.node().find("variants").isPresent()
        && weighted(stage)
        && sum.compareTo(BigDecimal.ONE) != 0) {
      warnings.add(
          node,
          "the weights of the variants of \"%s\" add to %s, not 1; each is taken as its part of that"
              .formatted(stage.key(), sum.toPlainString()));
    }
    Map<String, String> files = new HashMap<>();
    for (Variant variant : stage.variants().values()) {
      String other = files.putIfAbsent(variant.configFile().orElse(""), variant.key());
      if (other != null) {
        warnings.add(
            variant.node(),
            "variant \"%s\" has the same config as \"%s\", so there is nothing to compare; give it a config_file of its own"
                .formatted(variant.key(), other));
      }
    }
    if (stage.configFile().isPresent()) {
      warnings.add(
          stage.node().find("config_file").orElse(stage.node()),
          "stage \"%s\" has variants, so its own config_file is never used; leave it out"
              .formatted(stage.key()));
    }
  }

  private static boolean weighted(Stage stage) {
    return stage.variants().values().stream().anyMatch(v -> v.node().find("weight").isPresent());
  }

  /** Whether a check can ever enter a stage that is not said to be entered by hand. */
  private void reachable(Stage stage) {
    if (stage.manual()) {
      return;
    }
    boolean entered =
        catalog.defaultStage().equals(Optional.of(stage.key()))
            || catalog.switching().fallbackStage().equals(Optional.of(stage.key()));
    if (stage.conditions().isEmpty()) {
      if (!entered) {
        warnings.add(
            stage.node(),
            "stage \"%s\" is reachable by no condition, only by hand; give it auto_switch_conditions, or say so with trigger_mode: manual"
                .formatted(stage.key()));
      }
      return;
    }
    Node conditions = stage.node().find("auto_switch_conditions").orElse(stage.node());
    contradiction(stage.conditions())
        .ifPresent(
            why ->
                errors.add(
                    conditions,
                    "stage \"%s\" is reachable by no condition: %s cannot hold together; correct one of them"
                        .formatted(stage.key(), why)));
    if (!entered && catalog.inOrder().get(0).equals(stage) && catalog.defaultStage().isPresent()) {
      warnings.add(
          stage.node().find("priority").orElse(stage.node()),
          "stage \"%s\" is reachable by no condition: it is the first in order, and only stages after the active one are entered; raise its priority's number, or make it the default_stage"
              .formatted(stage.key()));
    }
  }

  /** Two comparisons of which never both hold, in words. */
  private static Optional<String> contradiction(List<Condition> conditions) {
    for (Condition one : conditions) {
      for (Condition other : conditions) {
        if (one instanceof Comparison a
            && other instanceof Comparison b
            && a.metric().equals(b.metric())
            && !possible(a, b)) {
          return Optional.of(a.text() + " and " + b.text());
        }
      }
    }
    return Optional.empty();
  }

  /** Whether some number fits both: if any does, then a bound, or one just beside or between. */
  private static boolean possible(Comparison a, Comparison b) {
    BigDecimal least = a.bound().min(b.bound());
    BigDecimal most = a.bound().max(b.bound());
    BigDecimal between = least.add(most).divide(BigDecimal.valueOf(2));
    return List.of(least.subtract(BigDecimal.ONE), least, between, most, most.add(BigDecimal.ONE))
        .stream()
        .anyMatch(
            value -> {
              Map<String, BigDecimal> metrics = Map.of(a.metric(), value);
              return a.holds(metrics, Set.of()) && b.holds(metrics, Set.of());
            });
  }
}
