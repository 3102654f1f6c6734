package dev.mixdown.configs;

import java.util.Optional;

/**
 * What a person says of the stage that they mean; the rest the repository decides.
 *
 * @param stage its key
 * @param variant the arm of an A/B stage
 * @param unit whose arm is meant, where no variant is named; stages without arms ignore it
 */
public record StageChoice(Optional<String> stage, Optional<String> variant, Optional<String> unit) {
  /** Whatever the repository decides. */
  public static final StageChoice OPEN =
      new StageChoice(Optional.empty(), Optional.empty(), Optional.empty());

  /** A stage by its key. */
  public static StageChoice of(String stage, Optional<String> variant) {
    return new StageChoice(Optional.of(stage), variant, Optional.empty());
  }
}
