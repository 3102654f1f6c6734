package dev.mixdown.pipelines.inspect;

import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.transforms.shards.InspectedShard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A dataset with what is in it.
 *
 * @param shards by path
 * @param leftOut how many records are left out because of other manifests, or because they are
 *     there twice, by the key of the rule
 */
public record InspectedDataset(
    DatasetEntry entry, List<InspectedShard> shards, Map<String, Long> leftOut) {
  /** A dataset of which nothing but what a filter leaves out is left out. */
  public InspectedDataset(DatasetEntry entry, List<InspectedShard> shards) {
    this(entry, shards, Map.of());
  }

  /** The same, with records left out. */
  public InspectedDataset without(Map<String, Long> records) {
    return new InspectedDataset(entry, shards, records);
  }

  /** The dataset's good records that nothing leaves out. */
  public long records() {
    return shards.stream().mapToLong(s -> s.inspection().records()).sum()
        - leftOut.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The dataset's good records. */
  public long stored() {
    return shards.stream().mapToLong(s -> s.inspection().stored()).sum();
  }

  /** How many bad records were left out. */
  public long rejectedRecords() {
    return shards.stream().mapToLong(s -> s.inspection().rejectedRecords()).sum();
  }

  /** The bad records that were left out, by reason. */
  public Map<String, Long> rejected() {
    return sum(shards.stream().map(s -> s.inspection().rejected()).toList());
  }

  /** The good records that are left out, by the key of the rule. */
  public Map<String, Long> filtered() {
    List<Map<String, Long>> all = new ArrayList<>(List.of(leftOut));
    shards.forEach(s -> all.add(s.inspection().filtered()));
    return sum(all);
  }

  /** How many of its shards the ledger knew. */
  public long known() {
    return shards.stream().filter(shard -> !shard.fresh()).count();
  }

  /** The bytes of its files. */
  public long bytes() {
    return shards.stream().mapToLong(s -> s.inspection().bytes()).sum();
  }

  /** How long this run read it, over all workers. */
  public double seconds() {
    return shards.stream()
        .filter(InspectedShard::fresh)
        .mapToDouble(s -> s.inspection().seconds())
        .sum();
  }

  /** The dataset version: what identifies its content. */
  public String version() {
    return DatasetVersion.hash(VersionShards.of(shards));
  }

  private static Map<String, Long> sum(List<Map<String, Long>> counts) {
    Map<String, Long> sum = new TreeMap<>();
    counts.forEach(one -> one.forEach((reason, count) -> sum.merge(reason, count, Long::sum)));
    return sum;
  }
}
