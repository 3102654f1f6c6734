package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.storage.Storage;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.prepare.InspectedDataset.InspectedShard;
import dev.mixdown.pipelines.prepare.MatchedDataset.MatchedShard;
import dev.mixdown.transforms.ShardToInspect;
import dev.mixdown.transforms.shards.DataProblem;
import dev.mixdown.transforms.shards.Inspection;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.ShardInspector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds out what is in every shard: from the ledger what did not change, by reading what did. */
public final class Inspections {
  private final String workspace;
  private final RunnerSettings runner;
  private final Progress progress;

  public Inspections(String workspace, RunnerSettings runner, Progress progress) {
    this.workspace = workspace;
    this.runner = runner;
    this.progress = progress;
  }

  /**
   * Inspects the shards of all datasets.
   *
   * @throws DataException with everything that is wrong with any of them
   */
  public List<InspectedDataset> datasets(List<MatchedDataset> datasets) throws IOException {
    Iterator<InspectedShard> all =
        shards(datasets.stream().flatMap(d -> d.shards().stream()).toList()).iterator();
    List<InspectedDataset> inspected = new ArrayList<>();
    for (MatchedDataset dataset : datasets) {
      List<InspectedShard> shards = new ArrayList<>();
      for (int i = 0; i < dataset.shards().size(); i++) {
        shards.add(all.next());
      }
      shards.sort(Comparator.comparing(s -> s.file().path()));
      inspected.add(new InspectedDataset(dataset.entry(), shards));
    }
    return inspected;
  }

  /**
   * Inspects shards.
   *
   * @return what is in each, in the same order
   * @throws DataException with everything that is wrong with any of them
   */
  List<InspectedShard> shards(List<MatchedShard> shards) throws IOException {
    Ledger ledger = Ledger.open(workspace);
    List<Optional<Inspection>> known = new ArrayList<>();
    List<ShardToInspect> unknown = new ArrayList<>();
    for (MatchedShard shard : shards) {
      known.add(ledger.find(shard.file(), shard.spec()));
      if (known.get(known.size() - 1).isEmpty()) {
        unknown.add(ShardToInspect.of(shard.file(), shard.spec()));
      }
    }
    if (!unknown.isEmpty()) {
      read(unknown);
      ledger = Ledger.open(workspace);
    }
    List<InspectedShard> inspected = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      MatchedShard shard = shards.get(i);
      Optional<Inspection> inspection = known.get(i);
      if (inspection.isEmpty()) {
        inspection = ledger.fresh(shard.file(), shard.spec());
      }
      if (inspection.isEmpty()) {
        throw new IllegalStateException(
            "the pipeline left no inspection of %s in %s"
                .formatted(shard.file().path(), workspace));
      }
      inspected.add(
          new InspectedShard(shard.file(), shard.spec(), inspection.get(), known.get(i).isEmpty()));
    }
    return inspected;
  }

  private void read(List<ShardToInspect> shards) throws IOException {
    ShardInspector.removeOldDrafts(workspace);
    String results = Storage.resolve(workspace, "runs/" + UUID.randomUUID());
    long bytes = shards.stream().mapToLong(ShardToInspect::bytes).sum();
    try (Progress.Step step = progress.reading(shards.size(), bytes)) {
      InspectPipeline.run(runner, shards, workspace, results);
    }
    List<DataProblem> problems = Results.take(results, DataProblem.class);
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }
}
