package dev.mixdown.transforms.ordering;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * How many samples a stratum should have given among the first {@code m} of the manifest. A target
 * is 0 up to some point, grows in a straight line, and then stays at the quota:
 *
 * <pre>target(m) = quota * clamp(m * speed - start, 0, length) / length</pre>
 *
 * @param quota what the stratum gives in all
 * @param speed at least 1
 * @param start where its stretch begins, in units of one {@code speed}th of a position
 * @param length how long its stretch is, in the same units
 */
public record Target(long quota, BigInteger speed, BigInteger start, BigInteger length)
    implements Serializable {

  /** The whole manifest evenly. */
  public static Target even(long quota, long total) {
    return new Target(quota, BigInteger.ONE, BigInteger.ZERO, BigInteger.valueOf(total));
  }

  /** The whole part of the target at position {@code m}. */
  public long floor(long m) {
    return scaled(m).divide(length).longValueExact();
  }

  /** What the target at {@code m} has beyond its whole part, in {@code length}ths. */
  BigInteger remainder(long m) {
    return scaled(m).mod(length);
  }

  private BigInteger scaled(long m) {
    BigInteger into = BigInteger.valueOf(m).multiply(speed).subtract(start);
    return into.max(BigInteger.ZERO).min(length).multiply(BigInteger.valueOf(quota));
  }

  /**
   * The first position at which the target reaches {@code n}.
   *
   * @param n from 1 to the quota
   */
  long deadline(long n) {
    BigInteger into = ceil(length.multiply(BigInteger.valueOf(n)), BigInteger.valueOf(quota));
    // `into` is rounded up in units of one speedth of a position, which no rounding to whole
    // positions can notice: m * speed is whole in them.
    return ceil(into.add(start), speed).longValueExact();
  }

  /** The first position from which the target grows with every step. */
  long growsFrom() {
    return ceil(start, speed).longValueExact();
  }

  /** The last position up to which it does. */
  long growsTo() {
    return start.add(length).divide(speed).longValueExact();
  }

  private static BigInteger ceil(BigInteger value, BigInteger divisor) {
    BigInteger[] parts = value.divideAndRemainder(divisor);
    return parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0];
  }
}
