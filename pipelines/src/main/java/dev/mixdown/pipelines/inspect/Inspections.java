package dev.mixdown.pipelines.inspect;

import dev.mixdown.configs.problems.Note;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.match.MatchedDataset;
import dev.mixdown.pipelines.match.MatchedHeldOut;
import dev.mixdown.pipelines.match.MatchedStage;
import dev.mixdown.transforms.ShardQueue;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.bytes.ReadProgress;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.shards.BadShard;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out what is in every shard: from the ledger what did not change, by reading what did. */
public final class Inspections {
  private final Workspace workspace;
  private final RunnerSettings runner;
  private final Progress progress;
  private final String[] job;

  /**
   * @param job what the job that reads shards is called, in parts
   */
  public Inspections(Workspace workspace, RunnerSettings runner, Progress progress, String... job) {
    this.job = job.clone();
    this.workspace = workspace;
    this.runner = runner;
    this.progress = progress;
  }

  /**
   * What came out of shards, good and bad.
   *
   * @param good those that can be used, by key
   * @param bad what is wrong with the others, by key, in the order in which they were asked for
   * @param metrics what the job counted; nothing where all was known
   */
  public record Outcome(
      Map<String, InspectedShard> good,
      Map<String, List<DataProblem>> bad,
      List<Note> notes,
      Map<String, Long> metrics) {
    /** What is wrong, in the order in which the shards were asked for. */
    public List<DataProblem> problems() {
      return bad.values().stream().flatMap(List::stream).toList();
    }

    /** The same for several who share it: what the job counted is none of theirs alone. */
    public Outcome withoutMetrics() {
      return new Outcome(good, bad, notes, Map.of());
    }

    /** Those of some shards that can be used, by path. */
    public List<InspectedShard> of(List<MatchedShard> shards) {
      return shards.stream()
          .flatMap(shard -> Optional.ofNullable(good.get(shard.key())).stream())
          .sorted(Comparator.comparing(shard -> shard.file().path()))
          .toList();
    }

    private Stream<DataProblem> problemsOf(List<MatchedShard> shards) {
      return shards.stream().flatMap(shard -> bad.getOrDefault(shard.key(), List.of()).stream());
    }
  }

  /**
   * Inspects the shards of all datasets, and of the data that is held out.
   *
   * @throws DataException with everything that is wrong with what was listed, and with any shard
   */
  public InspectedStage inspect(MatchedStage stage) throws IOException {
    return stage(stage, inspect(stage.shards()));
  }

  /**
   * A stage with what came out of its shards.
   *
   * @param outcome of these shards, and perhaps of others
   * @throws DataException with everything that is wrong with what was listed, and with any shard
   */
  public static InspectedStage stage(MatchedStage stage, Outcome outcome) throws DataException {
    List<DataProblem> problems = new ArrayList<>(stage.problems());
    List<Note> notes = new ArrayList<>(outcome.notes());
    notes.addAll(stage.notes());
    List<InspectedDataset> datasets = new ArrayList<>();
    for (MatchedDataset dataset : stage.datasets()) {
      outcome.problemsOf(dataset.shards()).forEach(problems::add);
      datasets.add(new InspectedDataset(dataset.entry(), outcome.of(dataset.shards())));
    }
    List<InspectedHeldOut> heldOut = new ArrayList<>();
    for (MatchedHeldOut held : stage.heldOut()) {
      Stream.concat(held.problems().stream(), outcome.problemsOf(held.shards()))
          .forEach(
              problem -> {
                if (stage.strict()) {
                  problems.add(held.about(problem));
                } else {
                  notes.add(Note.of(held.about(problem.toString())));
                }
              });
      List<InspectedShard> shards = outcome.of(held.shards());
      if (!shards.isEmpty() && shards.size() == held.shards().size()) {
        heldOut.add(new InspectedHeldOut(held.entry(), shards));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return new InspectedStage(datasets, heldOut, notes, outcome.metrics());
  }

  /** What the ledger knows of datasets: each with those of its shards that need no reading. */
  public List<InspectedDataset> known(List<MatchedDataset> datasets) throws IOException {
    Ledger ledger = Ledger.open(workspace);
    List<InspectedDataset> known = new ArrayList<>();
    for (MatchedDataset dataset : datasets) {
      List<InspectedShard> shards = new ArrayList<>();
      for (MatchedShard shard : dataset.shards()) {
        ledger
            .find(shard.file(), shard.spec())
            .ifPresent(inspection -> shards.add(new InspectedShard(shard, inspection, false)));
      }
      shards.sort(Comparator.comparing(s -> s.file().path()));
      known.add(new InspectedDataset(dataset.entry(), shards));
    }
    return known;
  }

  /** Inspects shards, each once. */
  public Outcome inspect(List<MatchedShard> shards) throws IOException {
    Ledger ledger = Ledger.open(workspace);
    List<Note> notes = new ArrayList<>();
    if (ledger.damaged() > 0) {
      notes.add(
          Note.of(
              "%d damaged lines of the ledger in %s are left out; what they were about is read again"
                  .formatted(ledger.damaged(), workspace.folder())));
    }
    Map<String, InspectedShard> good = new LinkedHashMap<>();
    List<MatchedShard> unknown = new ArrayList<>();
    for (MatchedShard shard : shards) {
      Optional<Inspection> found = ledger.find(shard.file(), shard.spec());
      found.ifPresent(i -> good.put(shard.key(), new InspectedShard(shard, i, false)));
      if (found.isEmpty()) {
        unknown.add(shard);
      }
    }
    Map<String, List<DataProblem>> bad = new LinkedHashMap<>();
    Map<String, Long> metrics = unknown.isEmpty() ? Map.of() : read(unknown, good, bad);
    return new Outcome(good, bad, notes, metrics);
  }

  /** Reads shards: what is good lies in the ledger afterwards, what is bad in the results. */
  private Map<String, Long> read(
      List<MatchedShard> shards,
      Map<String, InspectedShard> good,
      Map<String, List<DataProblem>> bad)
      throws IOException {
    workspace.removeAbandonedDrafts();
    Results<BadShard> results = new Results<>(workspace, BadShard.class);
    List<List<MatchedShard>> pieces =
        runner.inItsOrder(ShardQueue.pieces(shards, runner.workers()));
    long bytes = shards.stream().mapToLong(shard -> shard.file().bytes()).sum();
    Map<String, Long> metrics;
    try (ReadProgress read = ReadProgress.begin();
        Progress.Step step = progress.reading(read, shards.size(), bytes)) {
      metrics = runner.run(new InspectPipeline(pieces, workspace, read, results), job);
    } catch (RuntimeException e) {
      results.take();
      throw e;
    }
    Map<String, List<DataProblem>> refused = new LinkedHashMap<>();
    results.take().forEach(shard -> refused.put(shard.key(), shard.problems()));
    Ledger ledger = Ledger.open(workspace);
    for (MatchedShard shard : shards) {
      List<DataProblem> problems = refused.get(shard.key());
      if (problems == null) {
        Inspection inspection =
            ledger
                .justInspected(shard.file(), shard.spec())
                .orElseThrow(
                    () ->
                        new IOException(
                            "what was read of %s is not in the ledger of %s: something removed it, or damaged it; run again"
                                .formatted(shard.file().path(), workspace.folder())));
        good.put(shard.key(), new InspectedShard(shard, inspection, true));
      } else {
        bad.put(shard.key(), problems);
      }
    }
    return metrics;
  }
}
