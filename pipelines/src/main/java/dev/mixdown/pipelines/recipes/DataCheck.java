package dev.mixdown.pipelines.recipes;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.recipes.checking.DataFacts;
import dev.mixdown.recipes.checking.DataFacts.Example;
import dev.mixdown.recipes.checking.DataFacts.Failure;
import dev.mixdown.recipes.checking.DataRules;
import dev.mixdown.recipes.checking.Finding;
import dev.mixdown.recipes.checking.ShardFacts;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.index.DamagedFileException;
import dev.mixdown.transforms.shards.FactsFile;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Data held against what a recipe requires.
 *
 * @param facts what the records have
 * @param findings what is wrong, or unusual
 */
public record DataCheck(DataFacts facts, List<Finding> findings) {
  /**
   * Checks shards that were inspected with a recipe's requirements.
   *
   * @param samples that there are to train on
   */
  public static DataCheck of(
      Workspace workspace, List<InspectedShard> shards, DataRules rules, long samples)
      throws IOException {
    List<DataFacts.Located> located = new ArrayList<>();
    for (InspectedShard shard : shards) {
      String path = workspace.facts(shard.inspection().sha256(), shard.spec());
      Optional<ShardFacts> facts = FactsFile.read(workspace.storage(), path);
      if (facts.isEmpty()) {
        // Without its index the shard is read again.
        workspace
            .storage()
            .delete(Set.of(workspace.index(shard.inspection().sha256(), shard.spec())));
        throw new DamagedFileException(path, "run again, and it is made again");
      }
      located.add(
          new DataFacts.Located(shard.matched().dataset(), shard.file().path(), facts.get()));
    }
    DataFacts all = DataFacts.of(located);
    return new DataCheck(all, rules.findings(all, samples));
  }

  /** What is unusual, in sentences. */
  public List<String> warnings() {
    return findings.stream().filter(f -> !f.isError()).map(Finding::message).toList();
  }

  /**
   * Ends here where records cannot be used.
   *
   * @param recipe that requires something else
   * @throws DataException with the first records of each kind
   */
  public void refuse(String recipe) {
    List<DataProblem> problems = new ArrayList<>();
    for (Failure failure : facts.failures()) {
      long more = failure.count() - failure.examples().size();
      for (Example example : failure.examples()) {
        problems.add(
            new DataProblem(
                example.path(),
                example.record(),
                -1,
                failure.reason() + " (dataset \"%s\")".formatted(example.dataset())));
      }
      if (more > 0) {
        Example last = failure.examples().get(failure.examples().size() - 1);
        DataProblem named = problems.remove(problems.size() - 1);
        problems.add(
            new DataProblem(
                last.path(),
                last.record(),
                -1,
                named.message() + "; so it is with %,d more records".formatted(more),
                more));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException("the data are not what " + recipe + " requires", problems);
    }
  }
}
