package dev.mixdown.transforms.mixing;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Divides a number of seats by the method of the largest remainder (Hamilton, 1792): everyone gets
 * the whole part of what is due, and the seats left go to the largest remainders, ties to whoever
 * comes first. Nobody is ever a whole seat from what is due.
 */
final class Apportionment {
  private final BigInteger[] claims;
  private final BigInteger sum;

  /**
   * @param shares at least 0, not all 0; they need not add to 1
   */
  Apportionment(List<BigFraction> shares) {
    BigInteger denominator = BigInteger.ONE;
    for (BigFraction share : shares) {
      BigInteger other = share.getDenominator();
      denominator = denominator.divide(denominator.gcd(other)).multiply(other);
    }
    claims = new BigInteger[shares.size()];
    BigInteger all = BigInteger.ZERO;
    for (int i = 0; i < claims.length; i++) {
      BigFraction share = shares.get(i);
      claims[i] = share.getNumerator().multiply(denominator.divide(share.getDenominator()));
      all = all.add(claims[i]);
    }
    sum = all;
    if (sum.signum() <= 0) {
      throw new IllegalArgumentException("no stratum has a share: " + shares);
    }
  }

  /** Shares that are whole numbers, such as counts of records. */
  static Apportionment ofCounts(long... counts) {
    return new Apportionment(Arrays.stream(counts).mapToObj(BigFraction::of).toList());
  }

  /** How many of {@code seats} each gets, in the order of the shares. */
  long[] divide(long seats) {
    BigInteger total = BigInteger.valueOf(seats);
    long[] quotas = new long[claims.length];
    BigInteger[] remainders = new BigInteger[claims.length];
    long left = seats;
    for (int i = 0; i < claims.length; i++) {
      BigInteger[] due = total.multiply(claims[i]).divideAndRemainder(sum);
      quotas[i] = due[0].longValueExact();
      remainders[i] = due[1];
      left -= quotas[i];
    }
    if (left > 0) {
      Integer[] order = new Integer[claims.length];
      Arrays.setAll(order, i -> i);
      // A stable sort: equal remainders stay in the order of the shares.
      Arrays.sort(order, (a, b) -> remainders[b].compareTo(remainders[a]));
      for (int i = 0; i < left; i++) {
        quotas[order[i]]++;
      }
    }
    return quotas;
  }
}
