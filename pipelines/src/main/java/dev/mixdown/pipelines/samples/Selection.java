package dev.mixdown.pipelines.samples;

import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.transforms.mixing.Stratum;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.selection.SelectedShard;
import dev.mixdown.transforms.shards.InspectedShard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which records of a stage may be given, where that depends on other manifests.
 *
 * @param shards by key, the shards of which some records are left out or were given before
 * @param begun by dataset, how many samples each stratum gave before, where that number tells which
 *     records they were
 * @param replays the data of samples that come again, in the order of the rules
 * @param heldOut what is held out, as digests of it
 * @param gone by dataset, how many samples it gave before of records that it does not have any more
 */
public record Selection(
    Map<String, SelectedShard> shards,
    Map<String, Map<Stratum, Long>> begun,
    Map<String, Long> gone,
    List<InspectedDataset> replays,
    List<String> heldOut) {
  /** Every record, as if never given before. */
  public static final Selection ALL =
      new Selection(Map.of(), Map.of(), Map.of(), List.of(), List.of());

  /**
   * The same, with samples that come again.
   *
   * @param without what is held out, as digests of it
   */
  public Selection with(
      List<InspectedDataset> again, Map<String, SelectedShard> ofThem, List<String> without) {
    Map<String, SelectedShard> all = new HashMap<>(shards);
    all.putAll(ofThem);
    return new Selection(all, begun, gone, again, without);
  }

  /** What is selected of a shard; empty where it is as it was inspected. */
  public Optional<SelectedShard> of(InspectedShard shard) {
    return Optional.ofNullable(shards.get(key(shard)));
  }

  /** The records of a shard that may be given, by the number of their group in its index. */
  public List<SelectedShard.Group> parts(InspectedShard shard) {
    Optional<SelectedShard> selected = of(shard);
    if (selected.isPresent()) {
      return selected.get().groups();
    }
    List<Inspection.Group> groups = shard.inspection().groups();
    return IntStream.range(0, groups.size())
        .mapToObj(g -> new SelectedShard.Group(g, 0, groups.get(g).records()))
        .toList();
  }

  /** What tells a shard of a stage from all others. */
  public static String key(InspectedShard shard) {
    return shard.matched().dataset() + "\u0000" + shard.key();
  }

  /** How many records of shards are left out, by the key of the rule. */
  public Map<String, Long> leftOut(Iterable<InspectedShard> of) {
    Map<String, Long> sum = new TreeMap<>();
    for (InspectedShard shard : of) {
      of(shard)
          .ifPresent(
              selected ->
                  selected.leftOut().forEach((rule, count) -> sum.merge(rule, count, Long::sum)));
    }
    return sum;
  }

  /** The samples that strata of a dataset gave before, by stratum. */
  public Map<Stratum, Long> begunOf(String dataset) {
    return new HashMap<>(begun.getOrDefault(dataset, Map.of()));
  }
}
