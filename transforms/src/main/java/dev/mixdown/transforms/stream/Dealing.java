package dev.mixdown.transforms.stream;

import dev.mixdown.registry.streams.Increment.Mix;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Deals the blocks of a stream: how many samples each stratum gives up to the end of each. At a
 * block's end a stratum gives first what is due (the whole part of its target), then the seats left
 * go by earliest deadline, the deadline of a stratum's next sample being the first position where
 * its target reaches it; ties by name. The only state is what each has given.
 *
 * <p>It is the rule of {@link dev.mixdown.transforms.ordering.BlockQuotas}, for targets that have
 * no end and that begin anew when shares change. Where strata are short, the same rule goes on:
 * what was not given stays due, with the deadline that it had.
 */
final class Dealing {
  /** Nothing holds a stratum back. */
  static final long ANY = Long.MAX_VALUE;

  private final long from;
  private final Pace[] paces;
  private final long[] base;

  /** A stratum's next sample. */
  private record Next(long deadline, int stratum) implements Comparable<Next> {
    @Override
    public int compareTo(Next other) {
      int byDeadline = Long.compare(deadline, other.deadline);
      return byDeadline != 0 ? byDeadline : Integer.compare(stratum, other.stratum);
    }
  }

  /**
   * @param strata of the mix, by name
   */
  Dealing(Mix mix, List<String> strata) {
    from = mix.fromPosition();
    paces =
        strata.stream()
            .map(stratum -> Pace.of(mix.shares().getOrDefault(stratum, "0/1")))
            .toArray(Pace[]::new);
    base = strata.stream().mapToLong(s -> mix.baseCounts().getOrDefault(s, 0L)).toArray();
  }

  /** Whether a stratum has a share. */
  boolean gives(int stratum) {
    return !paces[stratum].isNothing();
  }

  /** The whole part of a stratum's target at a position. */
  long due(int stratum, long position) {
    return base[stratum] + paces[stratum].floor(position - from);
  }

  /**
   * What each stratum gives in the block that ends at {@code end}.
   *
   * @param seats of the block
   * @param given by stratum, before it
   * @param available by stratum, how many it can give; {@link #ANY} for any number
   * @return by stratum; less than the seats together where what is there is not enough
   */
  long[] block(long end, int seats, long[] given, long[] available) {
    long[] counts = new long[paces.length];
    long left = seats - due(end, given, available, counts);
    if (left < 0) {
      left = dueByDeadline(seats, given, counts);
    }
    return left == 0 ? counts : begun(end, left, given, available, counts);
  }

  /** Fills in what is due, and adds it up. */
  private long due(long end, long[] given, long[] available, long[] counts) {
    long sum = 0;
    for (int s = 0; s < counts.length; s++) {
      counts[s] = Math.min(available[s], Math.max(0, due(s, end) - given[s]));
      sum += counts[s];
    }
    return sum;
  }

  /** More is due than there are seats, since seats were given away before. */
  private long dueByDeadline(int seats, long[] given, long[] counts) {
    long[] due = counts.clone();
    Arrays.fill(counts, 0);
    PriorityQueue<Next> next = new PriorityQueue<>();
    for (int s = 0; s < counts.length; s++) {
      add(next, s, given[s], due[s] > 0);
    }
    for (int seat = 0; seat < seats; seat++) {
      int s = next.remove().stratum();
      counts[s]++;
      add(next, s, given[s] + counts[s], counts[s] < due[s]);
    }
    return 0;
  }

  /** Each stratum whose next sample has begun to be due may have it, by earliest deadline. */
  private long[] begun(long end, long seats, long[] given, long[] available, long[] counts) {
    PriorityQueue<Next> next = new PriorityQueue<>();
    for (int s = 0; s < counts.length; s++) {
      boolean begun =
          given[s] + counts[s] == due(s, end)
              && counts[s] < available[s]
              && paces[s].hasRest(end - from);
      add(next, s, given[s] + counts[s], begun);
    }
    for (long left = seats; left > 0 && !next.isEmpty(); left--) {
      counts[next.remove().stratum()]++;
    }
    return counts;
  }

  /**
   * Gives the seats that are left to strata that have more, by earliest deadline: they run ahead of
   * their targets.
   *
   * @param takes by stratum, whether it may
   */
  void giveAway(int seats, long[] given, long[] available, boolean[] takes, long[] counts) {
    PriorityQueue<Next> next = new PriorityQueue<>();
    for (int s = 0; s < counts.length; s++) {
      add(next, s, given[s] + counts[s], takes[s] && counts[s] < available[s]);
    }
    for (long left = seats - Arrays.stream(counts).sum(); left > 0 && !next.isEmpty(); left--) {
      int s = next.remove().stratum();
      counts[s]++;
      add(next, s, given[s] + counts[s], counts[s] < available[s]);
    }
  }

  private void add(PriorityQueue<Next> next, int s, long given, boolean may) {
    if (may && gives(s)) {
      // A sample before the base of the mix was due before it began.
      long sample = given + 1 - base[s];
      next.add(new Next(sample <= 0 ? from : from + paces[s].deadline(sample), s));
    }
  }
}
