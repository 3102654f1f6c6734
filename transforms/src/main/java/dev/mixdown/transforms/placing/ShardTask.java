package dev.mixdown.transforms.placing;

import java.io.Serializable;

/**
 * A shard as the placing steps see it.
 *
 * @param shard its number in the manifest
 * @param index where its index lies
 * @param fileOrder its place among the dataset's shards by path
 * @param strata the stratum of each of its groups; -1 for groups that give nothing
 * @param firstOrdinals per group, how many records of its stratum lie in the shards before this one
 * @param samples about how many it gives: how much work it is
 */
public record ShardTask(
    int shard,
    String index,
    int dataset,
    int fileOrder,
    int[] strata,
    long[] firstOrdinals,
    long samples)
    implements Serializable {}
