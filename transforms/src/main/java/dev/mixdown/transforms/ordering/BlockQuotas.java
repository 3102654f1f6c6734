package dev.mixdown.transforms.ordering;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/**
 * How many samples each stratum gives in each block of a manifest. At every block's end a stratum
 * has given the whole part of its target, or one more: first what is due, then the seats left go by
 * earliest deadline, the deadline of a stratum's next sample being the first position at which its
 * target reaches it.
 *
 * <p>This is the chairman assignment problem (R. Tijdeman, Discrete Mathematics 32, 1980), and
 * proportionate fair scheduling on one processor, where the earliest deadline first is known to
 * succeed. Rules that give each seat to the stratum that is furthest behind are not: they can leave
 * several strata whole samples behind at once.
 *
 * <p>Targets move along as whole part and remainder, by additions alone, so a block costs a few
 * operations per stratum.
 */
public final class BlockQuotas {
  private final Target[] targets;
  private final long total;
  private final int block;

  private final long[] given;
  private final long[] floor;
  private final long[] remainder;
  private final Line[] lines;
  private final long[] candidates;
  private final int[] counts;
  private long position;

  /** A growing target in machine words: it grows by {@code step / scale} at each position. */
  private record Line(
      long step, long scale, long blockWhole, long blockRest, long growsFrom, long growsTo) {}

  /**
   * Begins at the beginning.
   *
   * @param targets of the strata, in their order; they add to the position everywhere
   * @param total positions of the manifest
   * @param block positions of a block
   */
  public BlockQuotas(List<Target> targets, long total, int block) {
    this(targets, total, block, 0, new long[targets.size()]);
  }

  /**
   * Begins at a block's boundary.
   *
   * @param position the boundary
   * @param given what each stratum had given up to there
   */
  public BlockQuotas(List<Target> targets, long total, int block, long position, long[] given) {
    this.targets = targets.toArray(Target[]::new);
    this.total = total;
    this.block = block;
    this.position = position;
    this.given = given.clone();
    int n = this.targets.length;
    floor = new long[n];
    remainder = new long[n];
    lines = new Line[n];
    candidates = new long[n];
    counts = new int[n];
    for (int s = 0; s < n; s++) {
      lines[s] = line(this.targets[s]);
      recompute(s, position);
    }
  }

  private Line line(Target target) {
    BigInteger step = BigInteger.valueOf(target.quota()).multiply(target.speed());
    BigInteger common =
        step.gcd(target.length()).gcd(target.start().multiply(BigInteger.valueOf(target.quota())));
    BigInteger scale = target.length().divide(common);
    step = step.divide(common);
    BigInteger[] perBlock = step.multiply(BigInteger.valueOf(block)).divideAndRemainder(scale);
    if (scale.bitLength() > 61 || step.bitLength() > 61 || perBlock[0].bitLength() > 61) {
      // A mix of many billions with difficulty levels: exact all the same, by large integers.
      return new Line(0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);
    }
    return new Line(
        step.longValueExact(),
        scale.longValueExact(),
        perBlock[0].longValueExact(),
        perBlock[1].longValueExact(),
        target.growsFrom(),
        target.growsTo());
  }

  /** Whether there is another block. */
  public boolean hasNext() {
    return position < total;
  }

  /** Where the next block begins. */
  public long position() {
    return position;
  }

  /** What each stratum has given up to {@link #position}. */
  public long[] given() {
    return given.clone();
  }

  /**
   * Goes on by one block.
   *
   * @return what each stratum gives in it; valid until the next call
   */
  public int[] next() {
    long end = Math.min(position + block, total);
    boolean whole = end - position == block;
    long seats = end;
    int waiting = 0;
    for (int s = 0; s < targets.length; s++) {
      Line line = lines[s];
      if (whole && position >= line.growsFrom && end <= line.growsTo) {
        floor[s] += line.blockWhole;
        remainder[s] += line.blockRest;
        if (remainder[s] >= line.scale) {
          remainder[s] -= line.scale;
          floor[s]++;
        }
      } else {
        recompute(s, end);
      }
      long due = Math.max(floor[s], given[s]);
      counts[s] = (int) (due - given[s]);
      given[s] = due;
      seats -= due;
      if (due == floor[s] && remainder[s] > 0) {
        candidates[waiting++] = (deadlineAfter(s, end) << 20) | s;
      }
    }
    if (seats > 0) {
      // Deadline in the upper bits, order in the lower: ties go by the order of the strata.
      Arrays.sort(candidates, 0, waiting);
      for (int i = 0; i < seats; i++) {
        int s = (int) (candidates[i] & 0xFFFFF);
        counts[s]++;
        given[s]++;
      }
    }
    position = end;
    return counts;
  }

  /** How far beyond {@code end} the deadline of a stratum's next sample is. */
  private long deadlineAfter(int s, long end) {
    Line line = lines[s];
    if (line.scale == 0) {
      return targets[s].deadline(floor[s] + 1) - end;
    }
    return (line.scale - remainder[s] + line.step - 1) / line.step;
  }

  private void recompute(int s, long at) {
    floor[s] = targets[s].floor(at);
    BigInteger rest = targets[s].remainder(at);
    if (lines[s].scale == 0) {
      remainder[s] = rest.signum();
    } else {
      BigInteger reduced =
          rest.multiply(BigInteger.valueOf(lines[s].scale)).divide(targets[s].length());
      remainder[s] = reduced.longValueExact();
    }
  }
}
