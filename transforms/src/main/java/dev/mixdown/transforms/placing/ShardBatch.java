package dev.mixdown.transforms.placing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Shards that one worker places, one after the other. */
public record ShardBatch(List<ShardTask> tasks) implements Serializable {
  private static final class Filling {
    private final List<ShardTask> tasks = new ArrayList<>();
    private final int number;
    private long samples;

    Filling(int number) {
      this.number = number;
    }
  }

  /**
   * Deals shards into batches of about equal work: the largest first, each to the batch that has
   * least (R. L. Graham, Bounds on multiprocessing timing anomalies, 1969: at most a third more
   * than the best that can be had).
   *
   * @param most how many batches; fewer where there are fewer shards
   */
  public static List<ShardBatch> of(List<ShardTask> tasks, int most) {
    PriorityQueue<Filling> batches =
        new PriorityQueue<>(
            Comparator.comparingLong((Filling b) -> b.samples).thenComparingInt(b -> b.number));
    for (int b = 0; b < Math.min(most, tasks.size()); b++) {
      batches.add(new Filling(b));
    }
    List<ShardTask> largestFirst = new ArrayList<>(tasks);
    largestFirst.sort(
        Comparator.comparingLong(ShardTask::samples).reversed().thenComparingInt(ShardTask::shard));
    for (ShardTask task : largestFirst) {
      Filling least = batches.remove();
      least.tasks.add(task);
      least.samples += task.samples();
      batches.add(least);
    }
    return batches.stream()
        .sorted(Comparator.comparingInt(b -> b.number))
        .map(b -> new ShardBatch(List.copyOf(b.tasks)))
        .toList();
  }
}
