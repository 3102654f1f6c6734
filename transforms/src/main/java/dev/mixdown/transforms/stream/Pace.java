package dev.mixdown.transforms.stream;

import java.math.BigInteger;

/**
 * How fast a stratum gives: {@code numerator / denominator} of every position, exactly and without
 * an end. Numbers that machine words hold are computed in them, others as large integers.
 */
final class Pace {
  private final BigInteger numerator;
  private final BigInteger denominator;

  /** The same as machine words; 0 where they do not hold them with room for positions. */
  private final long n;

  private final long d;

  private Pace(BigInteger numerator, BigInteger denominator) {
    this.numerator = numerator;
    this.denominator = denominator;
    boolean small = numerator.bitLength() < 31 && denominator.bitLength() < 31;
    n = small ? numerator.longValueExact() : 0;
    d = small ? denominator.longValueExact() : 0;
  }

  /** The pace that {@code n/d} says. */
  static Pace of(String share) {
    int slash = share.indexOf('/');
    return new Pace(
        new BigInteger(share.substring(0, slash)), new BigInteger(share.substring(slash + 1)));
  }

  private boolean fits(long number) {
    return d > 0 && number >> 31 == 0;
  }

  /** Whether it gives nothing at all. */
  boolean isNothing() {
    return numerator.signum() == 0;
  }

  /** The whole part of what is due after some positions. */
  long floor(long positions) {
    return fits(positions)
        ? positions * n / d
        : times(positions).divide(denominator).longValueExact();
  }

  /** Whether more than the whole part is due after some positions. */
  boolean hasRest(long positions) {
    return fits(positions)
        ? positions * n % d != 0
        : times(positions).mod(denominator).signum() != 0;
  }

  /** After how many positions sample {@code k}, from 1, is due. */
  long deadline(long k) {
    if (fits(k)) {
      return (k * d + n - 1) / n;
    }
    BigInteger[] parts = BigInteger.valueOf(k).multiply(denominator).divideAndRemainder(numerator);
    return (parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE)).longValueExact();
  }

  private BigInteger times(long positions) {
    return numerator.multiply(BigInteger.valueOf(positions));
  }
}
