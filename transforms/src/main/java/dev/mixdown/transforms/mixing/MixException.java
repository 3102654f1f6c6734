package dev.mixdown.transforms.mixing;

import java.util.List;

/** A mix that cannot be made as it was asked for: which stratum is why, and what would help. */
public final class MixException extends RuntimeException {
  private final transient List<String> problems;

  public MixException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public MixException(String problem) {
    this(List.of(problem));
  }

  /** What is wrong, each with its remedy. */
  public List<String> problems() {
    return problems;
  }
}
