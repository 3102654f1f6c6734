package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.DatasetEntry;
import dev.mixdown.configs.HeldOut;
import dev.mixdown.configs.storage.FileInfo;
import dev.mixdown.transforms.shards.InspectionSpec;
import java.util.List;

/** A dataset and its files, as listed. */
public record MatchedDataset(DatasetEntry entry, List<MatchedShard> shards) {
  /** One file, and what is to be found in it. */
  public record MatchedShard(FileInfo file, InspectionSpec spec) {}

  /** Data that is held out, and its files. */
  record MatchedHeldOut(HeldOut entry, List<MatchedShard> shards) {}
}
