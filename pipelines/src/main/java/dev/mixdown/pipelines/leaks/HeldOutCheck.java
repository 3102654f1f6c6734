package dev.mixdown.pipelines.leaks;

import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules.HoldOut;
import dev.mixdown.configs.samples.SampleRules.Policy;
import dev.mixdown.configs.samples.SampleRules.Source;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.InspectedStage;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.leaks.Confirmation.Verdict;
import dev.mixdown.pipelines.leaks.HeldOutMatches.Found;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds a stage's records against what must not be trained on: its own validation and benchmark
 * data, and what its config names beside. A record that says what one of those says is a leak,
 * whatever format the two are written in.
 */
public final class HeldOutCheck {
  private static final int MOST_SHOWN = 20;

  private final Workspace workspace;
  private final RunnerSettings runner;
  private final Progress progress;
  private final RuleSources sources;

  public HeldOutCheck(
      Workspace workspace, RunnerSettings runner, Progress progress, RuleSources sources) {
    this.workspace = workspace;
    this.runner = runner;
    this.progress = progress;
    this.sources = sources;
  }

  /**
   * What comes of it.
   *
   * @param leftOut by shard, the records that are left out, sorted
   * @param notes what a user may want to know
   * @param digests of what is held out: of each shard, or of the records of it that are
   */
  public record Outcome(
      Map<InspectedShard, int[]> leftOut, List<Note> notes, List<String> digests) {}

  /** A record that is held out. */
  private record Leak(InspectedShard shard, long identity, Found found) {
    /** What it says of itself. */
    private String text() {
      return "is held out: it %s record %d of %s%s, of %s (dataset \"%s\", identity %s)%s"
          .formatted(
              found.byField() ? "has the identity field of" : "says what",
              found.match().otherRecord(),
              found.other().shard().uri(),
              found.byField() ? "" : " says",
              found.other().what(),
              shard.matched().dataset(),
              HexFormat.of().toHexDigits(identity),
              found.verdict() == Verdict.CONFIRMED ? "" : LeakReport.UNCONFIRMED);
    }
  }

  /**
   * Checks a stage.
   *
   * @throws DataException with the places of the records, where the policy is to fail
   */
  public Outcome check(ReleaseRepository repository, Resolution stage, InspectedStage inspected)
      throws IOException {
    HoldOut rules = stage.config().mix().samples().holdOut();
    HeldOutSources heldOut =
        new HeldOutSources(
            repository,
            sources,
            workspace,
            runner,
            progress,
            stage.config().mix().samples().content());
    heldOut.add(inspected.heldOut());
    Problems problems = new Problems();
    for (Source source : rules.against()) {
      heldOut.add(source, stage, problems);
    }
    problems.throwIfAny();
    if (rules.auto()) {
      heldOut.addEvaluation(stage);
    }
    if (heldOut.found().isEmpty()) {
      return new Outcome(Map.of(), List.of(), List.of());
    }
    List<InspectedShard> shards =
        inspected.datasets().stream().flatMap(d -> d.shards().stream()).toList();
    List<String> digests =
        heldOut.found().stream().map(HeldOutShard::digest).distinct().sorted().toList();
    return outcome(rules, leaks(stage, shards, heldOut.found(), rules), digests);
  }

  private List<Leak> leaks(
      Resolution stage, List<InspectedShard> shards, List<HeldOutShard> heldOut, HoldOut rules)
      throws IOException {
    List<ContentShard> contents =
        shards.stream()
            .map(s -> ContentShard.of(workspace, s, stage.config().mix().samples().content()))
            .toList();
    HeldOutMatches matches =
        new HeldOutMatches(
            workspace, runner, contents, heldOut, stage.config().mix().identityField());
    List<Found> found = matches.find();
    Map<Integer, Map<Integer, Long>> identities = matches.identities(shards, found);
    Set<Long> allowed = new HashSet<>();
    rules.allowed().forEach(a -> allowed.add(a.identity()));
    List<Leak> leaks = new ArrayList<>();
    for (Found one : matches.confirm(found)) {
      Long identity = identities.getOrDefault(one.shard(), Map.of()).get(one.record());
      // Without an identity it is left out already.
      if (identity != null && !allowed.contains(identity)) {
        leaks.add(new Leak(shards.get(one.shard()), identity, one));
      }
    }
    return leaks;
  }

  private static Outcome outcome(HoldOut rules, List<Leak> leaks, List<String> digests) {
    if (leaks.isEmpty()) {
      return new Outcome(Map.of(), List.of(), digests);
    }
    if (rules.policy() == Policy.FAIL) {
      throw new DataException("records are held out", problems(leaks));
    }
    Map<InspectedShard, BitSet> records = new HashMap<>();
    Map<String, Integer> bySource = new TreeMap<>();
    for (Leak leak : leaks) {
      records.computeIfAbsent(leak.shard(), s -> new BitSet()).set(leak.found().record());
      bySource.merge(leak.found().other().what(), 1, Integer::sum);
    }
    List<Note> notes = new ArrayList<>();
    bySource.forEach(
        (what, count) ->
            notes.add(
                Note.of(
                    "%,d %s say what records of %s say: %s"
                        .formatted(
                            count,
                            count == 1 ? "record" : "records",
                            what,
                            rules.policy() == Policy.EXCLUDE
                                ? "left out"
                                : "they are trained on all the same (policy warn)"))));
    if (rules.policy() == Policy.WARN) {
      return new Outcome(Map.of(), notes, digests);
    }
    Map<InspectedShard, int[]> leftOut = new HashMap<>();
    records.forEach((shard, bits) -> leftOut.put(shard, bits.stream().toArray()));
    return new Outcome(leftOut, notes, digests);
  }

  private static List<DataProblem> problems(List<Leak> leaks) {
    List<DataProblem> problems = new ArrayList<>();
    for (Leak leak : leaks.subList(0, Math.min(MOST_SHOWN, leaks.size()))) {
      problems.add(
          new DataProblem(leak.shard().file().path(), leak.found().record(), -1, leak.text()));
    }
    problems.add(
        DataProblem.of(
            leaks.get(0).shard().file().path(),
            "%,d %s held out in all; leave them out with \"policy\": \"exclude\" in samples.hold_out, or allow their identities there"
                .formatted(leaks.size(), leaks.size() == 1 ? "record is" : "records are")));
    return problems;
  }
}
