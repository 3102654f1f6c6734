package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.DatasetEntry;
import dev.mixdown.configs.storage.FileInfo;
import dev.mixdown.records.DatasetVersion;
import dev.mixdown.transforms.shards.Inspection;
import dev.mixdown.transforms.shards.InspectionSpec;
import java.util.List;

/**
 * A dataset with what is in it.
 *
 * @param shards by path
 */
public record InspectedDataset(DatasetEntry entry, List<InspectedShard> shards) {
  /**
   * One file with what is in it.
   *
   * @param fresh whether this run read it; else the ledger knew it
   */
  public record InspectedShard(
      FileInfo file, InspectionSpec spec, Inspection inspection, boolean fresh) {}

  /** The dataset's good records. */
  public long records() {
    return shards.stream().mapToLong(s -> s.inspection().records()).sum();
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
}
