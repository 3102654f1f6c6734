package dev.mixdown.pipelines.inspect;

import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.HeldOut;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import java.util.List;
import java.util.Map;

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

  /**
   * Data that is held out, with what is in it.
   *
   * @param shards by path; at least one
   */
  public record InspectedHeldOut(HeldOut entry, List<InspectedShard> shards) {
    /** The dataset version. */
    public String version() {
      return DatasetVersion.hash(VersionShards.of(shards));
    }

    /** Its records. */
    public long records() {
      return shards.stream().mapToLong(s -> s.inspection().stored()).sum();
    }
  }

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
    return Notes.sum(shards.stream().map(s -> s.inspection().rejected()).toList());
  }

  /** The good records that a filter leaves out, by the key of the rule. */
  public Map<String, Long> filtered() {
    return Notes.sum(shards.stream().map(s -> s.inspection().filtered()).toList());
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
