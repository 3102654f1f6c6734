package dev.mixdown.transforms.bytes;

import java.util.List;
import java.util.stream.Collectors;

/** A shard that cannot be used, with what is wrong with it. */
public final class BadShardException extends Exception {
  private final transient List<DataProblem> problems;

  public BadShardException(List<DataProblem> problems) {
    super(problems.stream().map(DataProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** The problems, in the order of the records. */
  public List<DataProblem> problems() {
    return problems;
  }
}
