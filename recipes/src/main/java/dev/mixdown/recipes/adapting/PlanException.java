package dev.mixdown.recipes.adapting;

import java.util.List;

/** A batch that cannot be divided among some GPUs, with what can be. */
public final class PlanException extends RuntimeException {
  private final transient List<Alternative> alternatives;

  /** Numbers with which a plan can be made: tried, each. */
  public record Alternative(int gpus, long batchSize) {}

  PlanException(String message, List<Alternative> alternatives) {
    super(message);
    this.alternatives = List.copyOf(alternatives);
  }

  /** What can be done instead; the nearest first. */
  public List<Alternative> alternatives() {
    return alternatives;
  }
}
