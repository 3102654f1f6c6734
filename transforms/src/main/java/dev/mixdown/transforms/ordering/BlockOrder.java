package dev.mixdown.transforms.ordering;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.mixdown.transforms.mixing.Ranking;
import java.util.Arrays;

/** Which stratum stands at which position of a block. */
public final class BlockOrder {
  private final long seed;
  private final long epoch;
  private final boolean shuffle;
  private long[] keys = new long[0];

  /**
   * @param shuffle true for a permutation keyed by seed, epoch and block; false for every stratum's
   *     samples spread evenly
   */
  public BlockOrder(long seed, long epoch, boolean shuffle) {
    this.seed = seed;
    this.epoch = epoch;
    this.shuffle = shuffle;
  }

  /**
   * Fills {@code strata[0..sum of counts)} with the stratum of each position.
   *
   * @param block the block's number, from 0
   * @param counts how many samples each stratum gives in the block
   * @return the block's length
   */
  public int fill(long block, int[] counts, int[] strata) {
    int length = 0;
    for (int s = 0; s < counts.length; s++) {
      Arrays.fill(strata, length, length + counts[s], s);
      length += counts[s];
    }
    if (shuffle) {
      permute(block, strata, length);
    } else {
      spread(counts, strata, length);
    }
    return length;
  }

  /** Fisher and Yates, with SplitMix64 (Steele, Lea, Flood 2014) from the block's key. */
  private void permute(long block, int[] strata, int length) {
    long state = Hashing.xxh3_64().hashBytesToLong(Ranking.key("block", seed, epoch, block, ""));
    for (int i = length - 1; i > 0; i--) {
      state += 0x9E3779B97F4A7C15L;
      long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      // Lemire's reduction: 32 random bits onto 0..i.
      int j = (int) (((z >>> 32) * (i + 1)) >>> 32);
      int swap = strata[i];
      strata[i] = strata[j];
      strata[j] = swap;
    }
  }

  /** Sample j of c stands at (2j + 1) / 2c of the block; ties in the order of the strata. */
  private void spread(int[] counts, int[] strata, int length) {
    if (keys.length < length) {
      keys = new long[length];
    }
    int i = 0;
    for (int s = 0; s < counts.length; s++) {
      for (int j = 0; j < counts[s]; j++) {
        keys[i++] = (((2L * j + 1) << 40) / (2L * counts[s])) << 20 | s;
      }
    }
    Arrays.sort(keys, 0, length);
    for (int k = 0; k < length; k++) {
      strata[k] = (int) (keys[k] & 0xFFFFF);
    }
  }
}
