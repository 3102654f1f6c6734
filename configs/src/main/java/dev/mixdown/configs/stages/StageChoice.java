package dev.mixdown.configs.stages;

import java.util.List;
import java.util.Optional;

/**
 * What a person says of the stage that they mean; the rest the repository decides.
 *
 * @param stage its key
 * @param variant the arm of an A/B stage
 * @param unit whose arm is meant, where no variant is named; stages without arms ignore it
 * @param config a dataset config by hand: a file, or the NAME of {@code training_dataset.NAME.json}
 * @param tasks whose datasets are taken; with none, what the environment says, else all
 */
public record StageChoice(
    Optional<String> stage,
    Optional<String> variant,
    Optional<String> unit,
    Optional<String> config,
    List<String> tasks) {
  /** Whatever the repository decides. */
  public static final StageChoice OPEN =
      new StageChoice(Optional.empty(), Optional.empty(), Optional.empty());

  /** A stage with the config that the repository has for it. */
  public StageChoice(Optional<String> stage, Optional<String> variant, Optional<String> unit) {
    this(stage, variant, unit, Optional.empty(), List.of());
  }

  /** A stage by its key. */
  public static StageChoice of(String stage, Optional<String> variant) {
    return new StageChoice(Optional.of(stage), variant, Optional.empty());
  }

  /** A stage as messages and folders name it: {@code ab_testing/variant_a}. */
  public static StageChoice ofArm(String arm) {
    int slash = arm.indexOf('/');
    return slash < 0
        ? of(arm, Optional.empty())
        : of(arm.substring(0, slash), Optional.of(arm.substring(slash + 1)));
  }

  /** The stage with its variant, as messages and folders name it; empty where no stage is named. */
  public Optional<String> arm() {
    return stage.map(s -> s + variant.map(v -> "/" + v).orElse(""));
  }

  /** The same for one unit. */
  public StageChoice of(Optional<String> oneUnit) {
    return new StageChoice(stage, variant, oneUnit, config, tasks);
  }

  /** The same with a config by hand, and for some tasks. */
  public StageChoice with(Optional<String> configByHand, List<String> someTasks) {
    return new StageChoice(stage, variant, unit, configByHand, List.copyOf(someTasks));
  }
}
