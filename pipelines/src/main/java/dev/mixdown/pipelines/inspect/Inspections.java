package dev.mixdown.pipelines.inspect;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.InspectedDataset.InspectedHeldOut;
import dev.mixdown.pipelines.inspect.InspectedDataset.InspectedShard;
import dev.mixdown.pipelines.match.MatchedDataset;
import dev.mixdown.pipelines.match.MatchedDataset.MatchedHeldOut;
import dev.mixdown.pipelines.match.MatchedDataset.MatchedShard;
import dev.mixdown.pipelines.match.ShardMatcher;
import dev.mixdown.transforms.ShardOutcome;
import dev.mixdown.transforms.ShardToInspect;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.ShardInspector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out what is in every shard: from the ledger what did not change, by reading what did. */
public final class Inspections {
  private final String workspace;
  private final RunnerSettings runner;
  private final Progress progress;
  private final String[] job;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param job what the job that reads shards is called, in parts
   */
  public Inspections(String workspace, RunnerSettings runner, Progress progress, String... job) {
    this.job = job.clone();
    this.workspace = workspace;
    this.runner = runner;
    this.progress = progress;
  }

  /** All datasets of a stage, and the data that is held out, with what is in them. */
  public record Inspected(List<InspectedDataset> datasets, List<InspectedHeldOut> heldOut) {}

  /**
   * Inspects the shards of all datasets, and of the data that is held out.
   *
   * @param matcher what listed them; it knows what is wrong already, and takes what is wrong with
   *     data that is held out
   * @throws DataException with that, and everything that is wrong with any shard
   */
  public Inspected inspect(
      List<MatchedDataset> datasets, List<MatchedHeldOut> heldOut, ShardMatcher matcher)
      throws IOException {
    Set<MatchedShard> all = new LinkedHashSet<>();
    datasets.forEach(d -> all.addAll(d.shards()));
    Set<String> trained = new HashSet<>();
    all.forEach(s -> trained.add(key(s)));
    heldOut.forEach(h -> all.addAll(h.shards()));
    Findings findings = findings(List.copyOf(all));
    Map<String, InspectedShard> byKey = new HashMap<>();
    findings.shards().forEach(s -> byKey.put(key(s.file().path(), s.spec().digest()), s));
    List<InspectedHeldOut> held = heldOut(heldOut, byKey, findings, matcher);
    List<DataProblem> problems = new ArrayList<>(matcher.problems());
    findings.bad().forEach((key, bad) -> problems.addAll(trained.contains(key) ? bad : List.of()));
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    List<InspectedDataset> inspected = new ArrayList<>();
    for (MatchedDataset dataset : datasets) {
      inspected.add(new InspectedDataset(dataset.entry(), shards(dataset.shards(), byKey)));
    }
    return new Inspected(inspected, held);
  }

  private static List<InspectedHeldOut> heldOut(
      List<MatchedHeldOut> heldOut,
      Map<String, InspectedShard> byKey,
      Findings findings,
      ShardMatcher matcher) {
    List<InspectedHeldOut> held = new ArrayList<>();
    for (MatchedHeldOut one : heldOut) {
      for (MatchedShard shard : one.shards()) {
        findings
            .bad()
            .getOrDefault(key(shard), List.of())
            .forEach(problem -> matcher.heldOutProblem(one.entry(), problem));
      }
      List<InspectedShard> shards = shards(one.shards(), byKey);
      if (!shards.isEmpty() && shards.size() == one.shards().size()) {
        held.add(new InspectedHeldOut(one.entry(), shards));
      }
    }
    return held;
  }

  /** The shards that can be used, by path. */
  private static List<InspectedShard> shards(
      List<MatchedShard> shards, Map<String, InspectedShard> byKey) {
    return shards.stream()
        .flatMap(s -> Optional.ofNullable(byKey.get(key(s))).stream())
        .sorted(Comparator.comparing(s -> s.file().path()))
        .toList();
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
   * @param bad what is wrong with the others, by shard and spec
   */
  public record Findings(List<InspectedShard> shards, Map<String, List<DataProblem>> bad) {
    /** What is wrong, in the order in which the shards were asked for. */
    public List<DataProblem> problems() {
      return bad.values().stream().flatMap(List::stream).toList();
    }
  }

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
    if (ledger.damaged() > 0) {
      notes.add(
          "%d damaged lines of the ledger in %s are left out; what they were about is read again"
              .formatted(ledger.damaged(), workspace));
    }
    Map<String, Inspection> known = new HashMap<>();
    List<ShardToInspect> unknown = new ArrayList<>();
    for (MatchedShard shard : shards) {
      Optional<Inspection> found = ledger.find(shard.file(), shard.spec());
      found.ifPresent(inspection -> known.put(key(shard), inspection));
      if (found.isEmpty()) {
        unknown.add(new ShardToInspect(shard.file(), shard.spec()));
      }
    }
    Map<String, ShardOutcome> read = unknown.isEmpty() ? Map.of() : read(unknown);
    List<InspectedShard> inspected = new ArrayList<>();
    Map<String, List<DataProblem>> bad = new LinkedHashMap<>();
    for (MatchedShard shard : shards) {
      Inspection old = known.get(key(shard));
      if (old != null) {
        inspected.add(new InspectedShard(shard.file(), shard.spec(), old, false));
        continue;
      }
      ShardOutcome outcome = read.get(key(shard));
      if (outcome == null) {
        throw new IllegalStateException("the pipeline told nothing of " + shard.file().path());
      }
      if (!outcome.problems().isEmpty()) {
        bad.put(key(shard), outcome.problems());
      }
      if (outcome.inspection() != null) {
        inspected.add(new InspectedShard(shard.file(), shard.spec(), outcome.inspection(), true));
      }
    }
    return new Findings(inspected, bad);
  }

  private static String key(MatchedShard shard) {
    return key(shard.file().path(), shard.spec().digest());
  }

  /** What a user may want to know of how it went. */
  public List<String> notes() {
    return notes;
  }

  private Map<String, ShardOutcome> read(List<ShardToInspect> shards) throws IOException {
    ShardInspector.removeAbandonedDrafts(workspace);
    Results<ShardOutcome> results = new Results<>(workspace, ShardOutcome.class);
    long bytes = shards.stream().mapToLong(shard -> shard.file().bytes()).sum();
    try (Progress.Step step = progress.reading(shards.size(), bytes)) {
      InspectPipeline.run(
          runner.pipeline(job), runner.runner().lastFirst(), shards, workspace, results.prefix());
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
