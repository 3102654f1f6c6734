package dev.mixdown.pipelines.match;

import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.HeldOut;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.transforms.records.InspectionSpec;
import java.util.List;

/** A dataset and its files, as listed. */
public record MatchedDataset(DatasetEntry entry, List<MatchedShard> shards) {
  /** One file, and what is to be found in it. */
  public record MatchedShard(FileInfo file, InspectionSpec spec) {}

  /** Data that is held out, and its files. */
  public record MatchedHeldOut(HeldOut entry, List<MatchedShard> shards) {}
}
