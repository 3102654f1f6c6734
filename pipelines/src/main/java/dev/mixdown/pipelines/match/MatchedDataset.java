package dev.mixdown.pipelines.match;

import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.transforms.shards.MatchedShard;
import java.util.List;

/** A dataset and its files, as listed. */
public record MatchedDataset(DatasetEntry entry, List<MatchedShard> shards) {}
