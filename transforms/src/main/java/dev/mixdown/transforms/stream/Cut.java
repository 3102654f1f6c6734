package dev.mixdown.transforms.stream;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What the next increment is, in whole blocks.
 *
 * @param rule why it is cut
 * @param strata by name
 * @param blocks by block, by stratum: how many samples it gives
 * @param again by stratum: how many of its samples are its own older records; they come last
 * @param held the stratum that had no more for another block
 */
public record Cut(Rule rule, List<String> strata, List<int[]> blocks, long[] again, Held held)
    implements Serializable {
  /** Why an increment is cut. */
  public enum Rule {
    /** There is enough for one. */
    COUNT,
    /** A record has waited long enough. */
    TIME,
    /** The stream is drained. */
    DRAIN,
    /** A person asked for it: the stream ends, or a file is forgotten. */
    MANUAL;

    /** The word of documents. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * What a block lacked.
   *
   * @param stratum empty where nothing was lacking
   * @param missing how many records
   */
  public record Held(String stratum, long missing) implements Serializable {
    /** Nothing was. */
    public static final Held NOTHING = new Held("", 0);
  }

  /** An increment without samples. */
  public static Cut empty(Rule rule, List<String> strata) {
    return new Cut(rule, strata, List.of(), new long[strata.size()], Held.NOTHING);
  }

  /** How many samples each stratum gives, before block {@code b}. */
  public long[] before(int b) {
    long[] counts = new long[strata.size()];
    for (int[] block : blocks.subList(0, b)) {
      for (int s = 0; s < counts.length; s++) {
        counts[s] += block[s];
      }
    }
    return counts;
  }

  /** How many samples each stratum gives. */
  public long[] counts() {
    return before(blocks.size());
  }

  /** How many of these are the next that wait, or of a replay. */
  public long fresh(int stratum) {
    return counts()[stratum] - again[stratum];
  }

  /** How many samples there are. */
  public long samples() {
    return Arrays.stream(counts()).sum();
  }
}
