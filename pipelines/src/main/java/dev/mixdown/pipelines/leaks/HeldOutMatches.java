package dev.mixdown.pipelines.leaks;

import dev.mixdown.configs.samples.SampleRules.Content;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.leaks.Confirmation.Verdict;
import dev.mixdown.transforms.content.Match;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The records of some shards that held-out data has too: by content, and, where identities are
 * taken from a field, by what that field says.
 */
final class HeldOutMatches {
  private final Workspace workspace;
  private final RunnerSettings runner;
  private final List<Sides> sides = new ArrayList<>();

  /** Both sides as they are compared in one way. */
  private record Sides(boolean byField, List<ContentShard> shards, List<HeldOutShard> heldOut) {}

  /**
   * A record that both sides have.
   *
   * @param other the shard that is held out
   * @param byField whether only the identity field says the same
   * @param verdict how sure that is; unconfirmed before it was confirmed
   */
  record Found(Match match, HeldOutShard other, boolean byField, Verdict verdict) {
    /** Where it is. */
    int shard() {
      return match.shard();
    }

    /** Its number there. */
    int record() {
      return match.record();
    }
  }

  /**
   * @param identityField the field that the shards' identities are taken from
   */
  HeldOutMatches(
      Workspace workspace,
      RunnerSettings runner,
      List<ContentShard> shards,
      List<HeldOutShard> heldOut,
      Optional<String> identityField) {
    this.workspace = workspace;
    this.runner = runner;
    sides.add(new Sides(false, shards, heldOut));
    if (identityField.isPresent()) {
      Content field = new Content(List.of(identityField.get()), false);
      sides.add(
          new Sides(
              true,
              shards.stream().map(s -> s.by(workspace, field)).toList(),
              heldOut.stream().map(h -> h.by(workspace, field)).toList()));
    }
  }

  /** Finds them in each way. */
  List<Found> find() throws IOException {
    List<Found> found = new ArrayList<>();
    for (Sides way : sides) {
      for (Match match : new Matching(workspace, runner).match(way.shards(), way.heldOut())) {
        HeldOutShard other = way.heldOut().get(match.otherShard());
        found.add(new Found(match, other, way.byField(), Verdict.UNCONFIRMED));
      }
    }
    return found;
  }

  /**
   * Reads what was found on both sides; what is the same by chance is left out. Each record comes
   * once, by its content rather than by its field.
   */
  List<Found> confirm(List<Found> found) throws IOException {
    List<Found> confirmed = new ArrayList<>();
    Set<List<Integer>> places = new HashSet<>();
    for (Sides way : sides) {
      List<Found> its = found.stream().filter(f -> f.byField() == way.byField()).toList();
      List<Verdict> verdicts =
          new Confirmation(workspace.storage())
              .of(its.stream().map(Found::match).toList(), way.shards(), way.heldOut());
      for (int i = 0; i < its.size(); i++) {
        Found one = its.get(i);
        if (verdicts.get(i) != Verdict.CHANCE && places.add(List.of(one.shard(), one.record()))) {
          confirmed.add(new Found(one.match(), one.other(), one.byField(), verdicts.get(i)));
        }
      }
    }
    return confirmed;
  }

  /** The numbers of the records that were found, by shard. */
  static Map<Integer, BitSet> records(List<Found> found) {
    Map<Integer, BitSet> records = new HashMap<>();
    found.forEach(f -> records.computeIfAbsent(f.shard(), s -> new BitSet()).set(f.record()));
    return records;
  }

  /**
   * The identities of records that were found, by shard and record; of those that a filter leaves
   * out there is none.
   */
  Map<Integer, Map<Integer, Long>> identities(List<InspectedShard> shards, List<Found> found)
      throws IOException {
    Map<Integer, Map<Integer, Long>> identities = new HashMap<>();
    for (Map.Entry<Integer, BitSet> shard : records(found).entrySet()) {
      InspectedShard its = shards.get(shard.getKey());
      identities.put(
          shard.getKey(),
          IndexedRecords.identities(
              workspace.storage(),
              workspace.index(its.inspection().sha256(), its.spec()),
              shard.getValue()));
    }
    return identities;
  }
}
