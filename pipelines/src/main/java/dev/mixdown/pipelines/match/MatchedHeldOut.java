package dev.mixdown.pipelines.match;

import dev.mixdown.configs.datasets.HeldOut;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.shards.MatchedShard;
import java.util.List;

/**
 * Data that is held out, and its files.
 *
 * @param problems what is wrong with them
 */
public record MatchedHeldOut(HeldOut entry, List<MatchedShard> shards, List<DataProblem> problems) {
  /** A sentence about it. */
  public String about(String what) {
    return "%s \"%s\": %s".formatted(entry.kind().word(), entry.name(), what);
  }

  /** A problem, with the name of what it is about. */
  public DataProblem about(DataProblem problem) {
    return new DataProblem(
        problem.path(),
        problem.record(),
        problem.offset(),
        "%s (%s \"%s\")".formatted(problem.message(), entry.kind().word(), entry.name()));
  }
}
