package dev.mixdown.configs.tree;

import java.util.List;
import java.util.stream.Collectors;

/** A release repository that cannot be used as it stands, with every problem found in it. */
public final class ConfigException extends RuntimeException {
  private final transient List<Problem> problems;

  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** One problem with a file as a whole. */
  public ConfigException(String file, String message) {
    this(List.of(new Problem(Place.of(file), "", message)));
  }

  /** The problems, in the order of their places. */
  public List<Problem> problems() {
    return problems;
  }
}
