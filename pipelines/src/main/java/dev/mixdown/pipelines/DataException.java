package dev.mixdown.pipelines;

import dev.mixdown.transforms.bytes.DataProblem;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Data that cannot be used, with every problem that a run found in it. */
public final class DataException extends RuntimeException {
  private final transient List<DataProblem> problems;

  public DataException(List<DataProblem> problems) {
    super(problems.stream().map(DataProblem::toString).collect(Collectors.joining("\n")));
    this.problems =
        problems.stream()
            .sorted(
                Comparator.comparing(DataProblem::path)
                    .thenComparingLong(p -> p.record() < 0 ? Long.MAX_VALUE : p.record()))
            .toList();
  }

  /** The problems, by shard and record. */
  public List<DataProblem> problems() {
    return problems;
  }
}
