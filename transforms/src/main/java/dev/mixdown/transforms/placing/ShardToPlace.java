package dev.mixdown.transforms.placing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A shard as it travels while its records are placed.
 *
 * @param shard its number in the manifest
 * @param index where its index lies
 * @param fileOrder its place among the dataset's shards by path
 * @param strata the stratum of each of its groups; -1 for groups that give nothing
 * @param given per group, how often its records were given before
 * @param firstOrdinals per group and pass of its stratum, how many records that the pass has lie in
 *     the shards before this one; empty where rank decides, and not file order
 * @param samples about how many it gives: how much work it is
 */
public record ShardToPlace(
    int shard,
    String index,
    int dataset,
    int fileOrder,
    int[] strata,
    int[] given,
    long[][] firstOrdinals,
    long samples)
    implements Serializable {
  private static final class Batch {
    private final List<ShardToPlace> shards = new ArrayList<>();
    private final int number;
    private long samples;

    Batch(int number) {
      this.number = number;
    }
  }

  /**
   * Deals shards into batches of about equal work, which one worker places one after the other: the
   * largest first, each to the batch that has least (R. L. Graham, Bounds on multiprocessing timing
   * anomalies, 1969: at most a third more than the best that can be had).
   *
   * @param most how many batches; fewer where there are fewer shards
   */
  public static List<List<ShardToPlace>> batches(List<ShardToPlace> shards, int most) {
    PriorityQueue<Batch> batches =
        new PriorityQueue<>(
            Comparator.comparingLong((Batch b) -> b.samples).thenComparingInt(b -> b.number));
    for (int b = 0; b < Math.min(most, shards.size()); b++) {
      batches.add(new Batch(b));
    }
    List<ShardToPlace> largestFirst = new ArrayList<>(shards);
    largestFirst.sort(
        Comparator.comparingLong(ShardToPlace::samples)
            .reversed()
            .thenComparingInt(ShardToPlace::shard));
    for (ShardToPlace shard : largestFirst) {
      Batch least = batches.remove();
      least.shards.add(shard);
      least.samples += shard.samples();
      batches.add(least);
    }
    return batches.stream()
        .sorted(Comparator.comparingInt(b -> b.number))
        .map(b -> List.copyOf(b.shards))
        .toList();
  }
}
