package dev.mixdown.pipelines;

import dev.mixdown.transforms.bytes.DataProblem;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Data that cannot be used, with every problem that a run found in it. */
public final class DataException extends RuntimeException {
  private final String what;
  private final transient List<DataProblem> problems;

  public DataException(List<DataProblem> problems) {
    this("the data cannot be used", problems);
  }

  /**
   * @param what is wrong, for a headline
   */
  public DataException(String what, List<DataProblem> problems) {
    super(problems.stream().map(DataProblem::toString).collect(Collectors.joining("\n")));
    this.what = what;
    this.problems =
        problems.stream()
            .sorted(
                Comparator.comparing(DataProblem::path)
                    .thenComparingLong(p -> p.record() < 0 ? Long.MAX_VALUE : p.record()))
            .toList();
  }

  /** What is wrong, for a headline. */
  public String what() {
    return what;
  }

  /** The problems, by shard and record. */
  public List<DataProblem> problems() {
    return problems;
  }
}
