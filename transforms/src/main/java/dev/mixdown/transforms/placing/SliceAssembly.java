package dev.mixdown.transforms.placing;

import dev.mixdown.transforms.identities.UnsignedSort;
import dev.mixdown.transforms.manifest.Samples;
import dev.mixdown.transforms.mixing.Ranking;
import dev.mixdown.transforms.ordering.BlockOrder;
import dev.mixdown.transforms.ordering.BlockQuotas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts one slice of a part together from the blocks that were sent to it: sorts each stratum's
 * samples, finds their exact ranks, drops what belongs to a neighbour, and deals the rest into
 * blocks.
 */
public final class SliceAssembly {
  private final Layout layout;
  private final int slice;

  // The samples that arrived. What a row needs lies together, since rows are dealt in any order;
  // what sorting needs lies in columns.
  private static final int ROW = 4;
  private static final int IDENTITY = 0;
  private static final int OFFSET = 1;
  private static final int SHARD_AND_RECORD = 2;
  private static final int PASS_AND_LENGTH = 3;

  /** Rows that are fetched together: few enough to stay in the fastest cache. */
  private static final int TOGETHER = 256;

  private int size;
  private final long[] rows;
  private final int[] stratum;
  private final int[] pass;
  private final long[] key;

  /** Every stratum's samples, by pass, then by key. */
  private final int[][] order;

  /** Augmentation seeds of the strata, by pass. */
  private final Map<Integer, Ranking[]> augmentations = new HashMap<>();

  /** Takes in the blocks that were sent to a slice, in any order. */
  public SliceAssembly(Layout layout, int slice, Iterable<byte[]> sent) {
    this.layout = layout;
    this.slice = slice;
    List<Placements.Block> blocks = new ArrayList<>();
    int n = 0;
    for (byte[] bytes : sent) {
      Placements.Block block = new Placements.Block(bytes);
      blocks.add(block);
      n = Math.addExact(n, block.count());
    }
    // Equal rank values keep this order: by fingerprint, which is what shards are numbered by, then
    // record.
    blocks.sort(
        Comparator.comparingInt(Placements.Block::shard)
            .thenComparingInt(Placements.Block::pass)
            .thenComparingInt(Placements.Block::firstRecord));
    if (n > Integer.MAX_VALUE / ROW) {
      throw new IllegalStateException(
          "slice %d was sent %,d samples; make rows_per_part smaller".formatted(slice, n));
    }
    rows = new long[n * ROW];
    stratum = new int[n];
    pass = new int[n];
    key = new long[n];
    Map<Integer, Ranking[]> rankings = new HashMap<>();
    for (Placements.Block block : blocks) {
      unpack(block, rankings.computeIfAbsent(block.pass(), this::rankings));
    }
    order = order();
  }

  /** The rankings of all strata in a pass; none in file order. */
  private Ranking[] rankings(int ofPass) {
    return layout.shuffle()
        ? layout.strata().stream()
            .map(b -> layout.datasets().get(b.dataset()))
            .map(d -> Ranking.ofPass(layout.seed(), layout.epoch(), d, ofPass))
            .toArray(Ranking[]::new)
        : new Ranking[0];
  }

  private void unpack(Placements.Block block, Ranking[] rankings) {
    long blockShard = (long) block.shard() << 32;
    long fileOrder = (long) block.fileOrder() << 32;
    for (int i = 0; i < block.count(); i++) {
      block.next();
      int n = size++;
      int s = block.stratum();
      long record = Integer.toUnsignedLong(block.record());
      stratum[n] = s;
      pass[n] = block.pass();
      key[n] = layout.shuffle() ? rankings[s].value(block.identity()) : fileOrder | record;
      int row = n * ROW;
      rows[row + IDENTITY] = block.identity();
      rows[row + OFFSET] = block.offset();
      rows[row + SHARD_AND_RECORD] = blockShard | record;
      rows[row + PASS_AND_LENGTH] = (long) block.pass() << 32 | block.length();
    }
  }

  /** Takes samples as they come, in their order. */
  @FunctionalInterface
  public interface Output {
    /** Takes the next ones: as many as there is room for, but for the last time. */
    void write(Samples samples) throws IOException;
  }

  /**
   * Writes the slice.
   *
   * @param firstSent by stratum: how many of its samples come before all those that were sent here
   */
  public void write(long[] firstSent, Output output) throws IOException {
    int[] next = first(firstSent);
    BlockQuotas quotas = layout.blockQuotas(slice);
    BlockOrder dealt = new BlockOrder(layout.seed(), layout.epoch(), layout.shuffle());
    int[] strata = new int[layout.block()];
    Samples samples = new Samples();
    long[] near = new long[TOGETHER * ROW];
    long last = layout.end(slice);
    for (long position = quotas.position(); position < last; position = quotas.position()) {
      int dealtRows = dealt.fill(position / layout.block(), quotas.next(), strata);
      for (int from = 0; from < dealtRows; from += TOGETHER) {
        int to = Math.min(dealtRows, from + TOGETHER);
        fetch(strata, from, to, next, near);
        for (int i = from; i < to; i++) {
          add(samples, position + i, strata[i], near, (i - from) * ROW);
          if (samples.isFull()) {
            output.write(samples);
            samples.clear();
          }
        }
      }
    }
    if (samples.size() > 0) {
      output.write(samples);
    }
  }

  /** By stratum, which of the samples that were sent is the slice's first. */
  private int[] first(long[] firstSent) {
    int[] first = new int[order.length];
    long[] begin = layout.boundaries()[slice];
    for (int s = 0; s < order.length; s++) {
      if (given(s) == 0) {
        // It gives nothing here, and so nothing of it was sent.
        continue;
      }
      first[s] = Math.toIntExact(begin[s] - firstSent[s]);
      if (first[s] + given(s) > order[s].length) {
        throw new IllegalStateException(
            "slice %d needs %d samples from %d on of %s, but was sent %d from %d on"
                .formatted(
                    slice,
                    given(s),
                    begin[s],
                    layout.strata().get(s).stratum(),
                    order[s].length,
                    firstSent[s]));
      }
    }
    return first;
  }

  /** How many samples a stratum gives in this slice. */
  private int given(int s) {
    return (int) (layout.boundaries()[slice + 1][s] - layout.boundaries()[slice][s]);
  }

  /**
   * The identities of the slice's samples, by stratum, each as often as it is used.
   *
   * @param firstSent as for {@link #write}
   */
  public long[][] identities(long[] firstSent) {
    int[] first = first(firstSent);
    long[][] identities = new long[order.length][];
    for (int s = 0; s < order.length; s++) {
      identities[s] = new long[given(s)];
      for (int i = 0; i < identities[s].length; i++) {
        identities[s][i] = rows[order[s][first[s] + i] * ROW + IDENTITY];
      }
    }
    return identities;
  }

  /**
   * Copies the rows of the next samples of strata. The rows lie anywhere: a loop that does nothing
   * else has the processor wait for many of them at once.
   */
  private void fetch(int[] strata, int from, int to, int[] next, long[] near) {
    int at = 0;
    for (int i = from; i < to; i++) {
      int s = strata[i];
      int row = order[s][next[s]++] * ROW;
      near[at + IDENTITY] = rows[row + IDENTITY];
      near[at + OFFSET] = rows[row + OFFSET];
      near[at + SHARD_AND_RECORD] = rows[row + SHARD_AND_RECORD];
      near[at + PASS_AND_LENGTH] = rows[row + PASS_AND_LENGTH];
      at += ROW;
    }
  }

  private void add(Samples samples, long position, int s, long[] near, int row) {
    long identity = near[row + IDENTITY];
    int ofPass = (int) (near[row + PASS_AND_LENGTH] >>> 32);
    samples.add(
        position,
        s,
        (int) (near[row + SHARD_AND_RECORD] >>> 32),
        (int) near[row + SHARD_AND_RECORD],
        near[row + OFFSET],
        (int) near[row + PASS_AND_LENGTH],
        ofPass,
        identity,
        layout.augment() ? augmentation(s, ofPass).value(identity) >>> 1 : -1);
  }

  private Ranking augmentation(int s, int ofPass) {
    return augmentations
        .computeIfAbsent(
            ofPass,
            p ->
                layout.strata().stream()
                    .map(b -> layout.datasets().get(b.dataset()))
                    .map(d -> Ranking.ofAugmentation(layout.seed(), layout.epoch(), d, p))
                    .toArray(Ranking[]::new))[s];
  }

  private int[][] order() {
    int strata = layout.strata().size();
    int[] counts = new int[strata];
    for (int i = 0; i < size; i++) {
      counts[stratum[i]]++;
    }
    int[][] ordered = new int[strata][];
    for (int s = 0; s < strata; s++) {
      ordered[s] = new int[counts[s]];
    }
    int[] filled = new int[strata];
    for (int i = 0; i < size; i++) {
      ordered[stratum[i]][filled[stratum[i]]++] = i;
    }
    UnsignedSort sort = new UnsignedSort();
    for (int s = 0; s < strata; s++) {
      int[] samples = ordered[s];
      long[] keys = new long[samples.length];
      for (int i = 0; i < samples.length; i++) {
        keys[i] = key[samples[i]];
      }
      sort.sort(keys, samples, samples.length);
      // By pass last: the sort is stable, so inside a pass the order by key stays.
      for (int i = 0; i < samples.length; i++) {
        keys[i] = pass[samples[i]];
      }
      sort.sort(keys, samples, samples.length);
    }
    return ordered;
  }
}
