package dev.mixdown.configs.switching;

import java.util.Optional;

/**
 * A stage that somebody trains, or trained.
 *
 * @param variant its arm, where one is set
 */
public record Arm(String stage, Optional<String> variant) {
  /** Whether this is another stage, or another arm of it where both have one. */
  boolean differsFrom(Arm other) {
    boolean otherArm =
        variant.isPresent() && other.variant().isPresent() && !variant.equals(other.variant());
    return !stage.equals(other.stage()) || otherArm;
  }

  /** The stage, and its arm where one is set. */
  @Override
  public String toString() {
    return stage + variant.map(v -> "/" + v).orElse("");
  }
}
