package dev.mixdown.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.mixdown.transforms.ordering.BlockOrder;
import dev.mixdown.transforms.ordering.BlockQuotas;
import dev.mixdown.transforms.ordering.Target;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which stratum stands at which position: block quotas, beside the rule that loaders use which mix
 * as they read: at each step the stratum that is furthest behind its weight.
 */
final class QuotaBenchmark {
  private static final int BLOCK = 1024;

  private QuotaBenchmark() {}

  /**
   * What one way took.
   *
   * @param worst how far any stratum was from its target at any block's end, in samples
   */
  private record Measured(double seconds, double megabytes, double worst) {}

  /** Fills a block with strata, the next one each time. */
  @FunctionalInterface
  private interface Way {
    int fill(int[] strata);
  }

  static String run(Bench bench) {
    long total = bench.size(30_000_000, 300_000);
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "strata",
            "greedy",
            "mixdown",
            "faster by",
            "greedy: memory",
            "mixdown: memory",
            "greedy: worst deviation",
            "mixdown: worst deviation"));
    for (int strata : new int[] {4, 64, 1_000}) {
      long[] quotas = quotas(strata, total);
      Measured greedy = null;
      Measured ours = null;
      // Twice each: the first time warms up.
      for (int round = 0; round < (bench.quick() || strata == 1_000 ? 1 : 2); round++) {
        ours = measure(quotas, total, ours(quotas, total));
        greedy = measure(quotas, total, greedy(quotas, total));
      }
      rows.add(
          List.of(
              "%,d".formatted(strata),
              Bench.seconds(greedy.seconds()),
              Bench.seconds(ours.seconds()),
              Bench.ratio(greedy.seconds() / ours.seconds()),
              "%.1f MB".formatted(greedy.megabytes()),
              "%.1f MB".formatted(ours.megabytes()),
              "%.3f".formatted(greedy.worst()),
              "%.3f".formatted(ours.worst())));
    }
    return """
    ## The order of %,d samples

    One thread; weights at random; blocks of %,d. Memory is all that was allocated on the way. The deviation is the
    largest of any stratum at any block's end, in samples; below 1 the mix is exact.

    %s"""
        .formatted(total, BLOCK, Bench.table(rows));
  }

  private static long[] quotas(int strata, long total) {
    SplittableRandom random = new SplittableRandom(strata);
    double[] weights = random.doubles(strata, 0.1, 10).toArray();
    double sum = java.util.Arrays.stream(weights).sum();
    long[] quotas = new long[strata];
    long left = total;
    for (int s = 0; s < strata - 1; s++) {
      quotas[s] = (long) (total * weights[s] / sum);
      left -= quotas[s];
    }
    quotas[strata - 1] = left;
    return quotas;
  }

  private static Way ours(long[] quotas, long total) {
    List<Target> targets = new ArrayList<>();
    for (long quota : quotas) {
      targets.add(Target.even(quota, total));
    }
    BlockQuotas blocks = new BlockQuotas(targets, total, BLOCK);
    BlockOrder order = new BlockOrder(1, 0, true);
    long[] block = {0};
    return strata -> order.fill(block[0]++, blocks.next(), strata);
  }

  private static Way greedy(long[] quotas, long total) {
    double[] weights = new double[quotas.length];
    double[] behind = new double[quotas.length];
    for (int s = 0; s < weights.length; s++) {
      weights[s] = (double) quotas[s] / total;
    }
    long[] position = {0};
    return strata -> {
      int n = (int) Math.min(BLOCK, total - position[0]);
      for (int i = 0; i < n; i++) {
        int furthest = 0;
        for (int s = 0; s < behind.length; s++) {
          behind[s] += weights[s];
          if (behind[s] > behind[furthest]) {
            furthest = s;
          }
        }
        behind[furthest] -= 1;
        strata[i] = furthest;
      }
      position[0] += n;
      return n;
    };
  }

  private static Measured measure(long[] quotas, long total, Way way) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int[] strata = new int[BLOCK];
    long[] given = new long[quotas.length];
    double worst = 0;
    long nanos = 0;
    long allocated = 0;
    for (long position = 0; position < total; ) {
      long before = threads.getThreadAllocatedBytes(thread);
      long begin = System.nanoTime();
      int n = way.fill(strata);
      nanos += System.nanoTime() - begin;
      allocated += threads.getThreadAllocatedBytes(thread) - before;
      for (int i = 0; i < n; i++) {
        given[strata[i]]++;
      }
      position += n;
      for (int s = 0; s < quotas.length; s++) {
        double target = (double) quotas[s] * position / total;
        worst = Math.max(worst, Math.abs(given[s] - target));
      }
    }
    return new Measured(nanos / 1e9, allocated / 1e6, worst);
  }
}
