package dev.mixdown.pipelines.prepare;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.prepare.InspectedDataset.InspectedShard;
import dev.mixdown.pipelines.prepare.MatchedDataset.MatchedShard;
import dev.mixdown.transforms.ShardOutcome;
import dev.mixdown.transforms.ShardToInspect;
import dev.mixdown.transforms.shards.DataProblem;
import dev.mixdown.transforms.shards.Inspection;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.ShardInspector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * @param before what is already known to be wrong
   * @throws DataException with that, and everything that is wrong with any shard
   */
  List<InspectedDataset> datasets(List<MatchedDataset> datasets, List<DataProblem> before)
      throws IOException {
    List<MatchedShard> all = datasets.stream().flatMap(d -> d.shards().stream()).toList();
    Iterator<InspectedShard> inspected = shards(all, before).iterator();
    List<InspectedDataset> result = new ArrayList<>();
    for (MatchedDataset dataset : datasets) {
      List<InspectedShard> shards = new ArrayList<>();
      for (int i = 0; i < dataset.shards().size(); i++) {
        shards.add(inspected.next());
      }
      shards.sort(Comparator.comparing(s -> s.file().path()));
      result.add(new InspectedDataset(dataset.entry(), shards));
    }
    return result;
  }

  /** What the ledger knows of datasets: each with those of its shards that need no reading. */
  List<InspectedDataset> known(List<MatchedDataset> datasets) throws IOException {
    Ledger ledger = Ledger.open(workspace);
    List<InspectedDataset> known = new ArrayList<>();
    for (MatchedDataset dataset : datasets) {
      List<InspectedShard> shards = new ArrayList<>();
      for (MatchedShard shard : dataset.shards()) {
        ledger
            .find(shard.file(), shard.spec())
            .ifPresent(i -> shards.add(new InspectedShard(shard.file(), shard.spec(), i, false)));
      }
      shards.sort(Comparator.comparing(s -> s.file().path()));
      known.add(new InspectedDataset(dataset.entry(), shards));
    }
    return known;
  }

  /**
   * What came out of shards, good and bad.
   *
   * @param shards those that can be used, in the order in which they were asked for
   * @param problems what is wrong with the others
   */
  public record Findings(List<InspectedShard> shards, List<DataProblem> problems) {}

  /**
   * Inspects shards.
   *
   * @param before what is already known to be wrong
   * @return what is in each, in the same order
   * @throws DataException with that, and everything that is wrong with any of them
   */
  List<InspectedShard> shards(List<MatchedShard> shards, List<DataProblem> before)
      throws IOException {
    Findings findings = findings(shards);
    List<DataProblem> problems = new ArrayList<>(before);
    problems.addAll(findings.problems());
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return findings.shards();
  }

  /** Inspects shards, and leaves out the bad ones. */
  public Findings findings(List<MatchedShard> shards) throws IOException {
    Ledger ledger = Ledger.open(workspace);
    Map<MatchedShard, Inspection> known = new HashMap<>();
    List<ShardToInspect> unknown = new ArrayList<>();
    for (MatchedShard shard : shards) {
      Optional<Inspection> found = ledger.find(shard.file(), shard.spec());
      found.ifPresent(inspection -> known.put(shard, inspection));
      if (found.isEmpty()) {
        unknown.add(new ShardToInspect(shard.file(), shard.spec()));
      }
    }
    Map<String, ShardOutcome> read = unknown.isEmpty() ? Map.of() : read(unknown);
    List<InspectedShard> inspected = new ArrayList<>();
    List<DataProblem> problems = new ArrayList<>();
    for (MatchedShard shard : shards) {
      Inspection old = known.get(shard);
      if (old != null) {
        inspected.add(new InspectedShard(shard.file(), shard.spec(), old, false));
        continue;
      }
      ShardOutcome outcome = read.get(key(shard.file().path(), shard.spec().digest()));
      if (outcome == null) {
        throw new IllegalStateException("the pipeline told nothing of " + shard.file().path());
      }
      problems.addAll(outcome.problems());
      if (outcome.inspection() != null) {
        inspected.add(new InspectedShard(shard.file(), shard.spec(), outcome.inspection(), true));
      }
    }
    return new Findings(inspected, problems);
  }

  private Map<String, ShardOutcome> read(List<ShardToInspect> shards) throws IOException {
    ShardInspector.removeAbandonedDrafts(workspace);
    Results<ShardOutcome> results = new Results<>(workspace, ShardOutcome.class);
    long bytes = shards.stream().mapToLong(shard -> shard.file().bytes()).sum();
    try (Progress.Step step = progress.reading(shards.size(), bytes)) {
      InspectPipeline.run(runner, shards, workspace, results.prefix());
    } catch (RuntimeException e) {
      results.take();
      throw e;
    }
    Map<String, ShardOutcome> read = new HashMap<>();
    for (ShardOutcome outcome : results.take()) {
      read.put(key(outcome.path(), outcome.spec()), outcome);
    }
    return read;
  }

  private static String key(String path, String spec) {
    return path + "\u0000" + spec;
  }
}
