package dev.mixdown.transforms.mixing;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often the records of a stratum were given before, where a stage continues others. A record's
 * pass is how often it was given before, so pass p has the records that were given p times at most,
 * and the least given come first.
 *
 * @param records how many records were given how often; empty where none was given at all
 * @param begun whether the records that were given once more than the others are those of the
 *     lowest ranks of the pass that was begun: their number says which they are
 */
public record Given(SortedMap<Integer, Long> records, boolean begun) implements Serializable {
  /** No record was given. */
  public static final Given NONE = new Given(new TreeMap<>(), false);

  /** More than any stage takes, and small enough for capacities to be added. */
  private static final BigDecimal MOST = BigDecimal.valueOf(1L << 50);

  /** Records that were all given equally often. */
  public static Given times(int times, long records) {
    return times == 0 || records == 0
        ? NONE
        : new Given(new TreeMap<>(Map.of(times, records)), false);
  }

  /**
   * Samples that were given in the order of passes and ranks: the first {@code samples} of all.
   *
   * @param of how many records the stratum has
   */
  public static Given inOrder(long samples, long of) {
    if (samples == 0 || of == 0) {
      return NONE;
    }
    SortedMap<Integer, Long> records = new TreeMap<>();
    int whole = Math.toIntExact(samples / of);
    records.put(whole, of - samples % of);
    if (samples % of > 0) {
      records.put(whole + 1, samples % of);
    }
    return new Given(records, true);
  }

  /** Whether no record was given. */
  public boolean isNone() {
    return records.isEmpty();
  }

  /** The first pass: how often those were given that were given least. */
  public int firstPass() {
    return isNone() ? 0 : records.firstKey();
  }

  /** How many samples of the first pass are given already, in the order of their ranks. */
  public long skipped() {
    return begun ? records.getOrDefault(firstPass() + 1, 0L) : 0;
  }

  /**
   * How many records a pass has, with those of it that are {@link #skipped}.
   *
   * @param all how many the stratum has
   */
  public long inPass(int pass, long all) {
    if (isNone() || begun) {
      return pass < firstPass() ? 0 : all;
    }
    return records.headMap(pass + 1).values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many samples were given in all. */
  public long samples() {
    return records.entrySet().stream().mapToLong(e -> e.getKey() * e.getValue()).sum();
  }

  private Map<Integer, Long> of(long all) {
    return isNone() && all > 0 ? Map.of(0, all) : records;
  }

  /**
   * How often the records of both were given.
   *
   * @param own how many records these are
   * @param others how many the others are
   */
  public Given plus(Given other, long own, long others) {
    if (isNone() && other.isNone()) {
      return NONE;
    }
    SortedMap<Integer, Long> sum = new TreeMap<>();
    of(own).forEach((times, n) -> sum.merge(times, n, Long::sum));
    other.of(others).forEach((times, n) -> sum.merge(times, n, Long::sum));
    return new Given(sum, false);
  }

  /**
   * How many samples can still be given: each record {@code duplicate} times in all, rounded down
   * over all of them.
   *
   * <p>Where records were given more often than that already, they take nothing from the others.
   *
   * @param all how many records the stratum has
   */
  public long capacity(BigDecimal duplicate, long all) {
    BigDecimal samples =
        duplicate.multiply(BigDecimal.valueOf(all)).setScale(0, RoundingMode.FLOOR).min(MOST);
    if (isNone()) {
      return samples.longValueExact();
    }
    long whole = duplicate.min(MOST).longValue();
    long rest =
        samples
            .subtract(BigDecimal.valueOf(whole).multiply(BigDecimal.valueOf(all)))
            .max(BigDecimal.ZERO)
            .longValueExact();
    BigDecimal capacity = BigDecimal.ZERO;
    long beyond = 0;
    for (Map.Entry<Integer, Long> same : records.entrySet()) {
      long times = Math.max(0, whole - same.getKey());
      capacity =
          capacity.add(BigDecimal.valueOf(times).multiply(BigDecimal.valueOf(same.getValue())));
      beyond += same.getKey() > whole ? same.getValue() : 0;
    }
    return capacity.add(BigDecimal.valueOf(Math.max(0, rest - beyond))).min(MOST).longValueExact();
  }
}
