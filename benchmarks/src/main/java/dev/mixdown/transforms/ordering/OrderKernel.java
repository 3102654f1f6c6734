package dev.mixdown.transforms.ordering;

import dev.mixdown.transforms.mixing.Ranking;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What decides the order, for each sample. */
@State(Scope.Thread)
public class OrderKernel {
  private static final int BLOCK = 1024;
  private static final int BLOCKS = 256;
  private static final int STRATA = 8;

  private final Ranking ranking = Ranking.ofPass(1, 0, "dataset", 0);
  private final BlockOrder order = new BlockOrder(1, 0, true);
  private final int[] strata = new int[BLOCK];
  private final int[] counts = counts();
  private final List<Target> targets = targets();

  private static int[] counts() {
    int[] counts = new int[STRATA];
    java.util.Arrays.fill(counts, BLOCK / STRATA);
    return counts;
  }

  private static List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    long total = (long) BLOCK * BLOCKS;
    long left = total;
    for (int s = 1; s < STRATA; s++) {
      targets.add(Target.even(total * s / 40, total));
      left -= total * s / 40;
    }
    targets.add(Target.even(left, total));
    return targets;
  }

  /** Rank values. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public long rank_values() {
    long all = 0;
    for (int i = 0; i < BLOCK; i++) {
      all ^= ranking.value(i);
    }
    return all;
  }

  /** The positions inside a block. */
  @Benchmark
  @OperationsPerInvocation(BLOCK)
  public int samples_ordered_in_a_block() {
    return order.fill(7, counts, strata);
  }

  /** How many samples each of eight strata gives in a block. */
  @Benchmark
  @OperationsPerInvocation(BLOCKS)
  public int block_quotas_of_eight_strata() {
    BlockQuotas quotas = new BlockQuotas(targets, (long) BLOCK * BLOCKS, BLOCK);
    int all = 0;
    while (quotas.hasNext()) {
      all += quotas.next()[0];
    }
    return all;
  }
}
