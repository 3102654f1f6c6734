package dev.mixdown.pipelines.inspect;

import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.transforms.shards.InspectedShard;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A dataset with what is in it.
 *
 * @param shards by path
 */
public record InspectedDataset(DatasetEntry entry, List<InspectedShard> shards) {
  /** The dataset's good records that no filter leaves out. */
  public long records() {
    return shards.stream().mapToLong(s -> s.inspection().records()).sum();
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

  /** The good records that a filter leaves out, by the key of the rule. */
  public Map<String, Long> filtered() {
    return sum(shards.stream().map(s -> s.inspection().filtered()).toList());
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
