package dev.mixdown.transforms.mixing;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Who is to have what part of a stage, over two levels: categories, and strata inside them. Quotas
 * are divided first over the categories, then inside each, so that both margins are exact.
 */
final class Shares {
  private final List<BigFraction> shares;
  private final List<int[]> members = new ArrayList<>();
  private final Apportionment outer;
  private final List<Apportionment> inner = new ArrayList<>();
  private final List<BigFraction> categoryShares = new ArrayList<>();

  /**
   * @param strata in their order
   * @param parts what part each is to have, at least 0, not all 0; normalised here
   */
  Shares(List<Stratum> strata, List<BigFraction> parts) {
    BigFraction sum = parts.stream().reduce(BigFraction.ZERO, BigFraction::add);
    shares = parts.stream().map(part -> part.divide(sum)).toList();
    Map<String, List<Integer>> byCategory = new TreeMap<>();
    for (int i = 0; i < strata.size(); i++) {
      if (shares.get(i).signum() > 0) {
        byCategory.computeIfAbsent(strata.get(i).category(), c -> new ArrayList<>()).add(i);
      }
    }
    for (List<Integer> category : byCategory.values()) {
      List<BigFraction> parts2 = category.stream().map(shares::get).toList();
      members.add(category.stream().mapToInt(Integer::intValue).toArray());
      inner.add(new Apportionment(parts2));
      categoryShares.add(parts2.stream().reduce(BigFraction.ZERO, BigFraction::add));
    }
    outer = new Apportionment(categoryShares);
  }

  /** The part of the stage that stratum {@code i} is to have; all add to 1. */
  BigFraction share(int i) {
    return shares.get(i);
  }

  /** The strata of each category that have a share. */
  List<int[]> categories() {
    return members;
  }

  /** The quotas at a total, by stratum. */
  long[] quotas(long total) {
    long[] quotas = new long[shares.size()];
    long[] perCategory = outer.divide(total);
    for (int c = 0; c < perCategory.length; c++) {
      long[] inside = inner.get(c).divide(perCategory[c]);
      int[] indices = members.get(c);
      for (int i = 0; i < indices.length; i++) {
        quotas[indices[i]] = inside[i];
      }
    }
    return quotas;
  }

  /**
   * The largest total, at most {@code most}, at which every quota is within its limit.
   *
   * <p>Quotas by largest remainder do not grow evenly with the total, so totals are tried from the
   * top. A category's quota fits or does not whatever the others do, and it is never less than the
   * whole part of what is due to it: from one that does not fit, the search goes on where that
   * whole part comes down to the next that does.
   *
   * @param limits by stratum; {@link Long#MAX_VALUE} for none
   */
  long largestFit(long[] limits, long most) {
    List<Map<Long, Boolean>> known = new ArrayList<>();
    members.forEach(m -> known.add(new HashMap<>()));
    long total = Math.min(most, upperBound(limits));
    while (total > 0) {
      long[] perCategory = outer.divide(total);
      long next = total;
      for (int c = 0; c < perCategory.length; c++) {
        if (!fits(c, perCategory[c], limits, known.get(c))) {
          long fit = perCategory[c] - 1;
          while (fit > 0 && !fits(c, fit, limits, known.get(c))) {
            fit--;
          }
          // At a smaller total the quota may still be one more than here. Where that would fit,
          // go down by one; else to the largest total whose whole part is at most `fit`.
          long bound =
              fits(c, perCategory[c] + 1, limits, known.get(c))
                  ? total - 1
                  : ceil(BigFraction.of(fit + 1).divide(categoryShares.get(c))) - 1;
          next = Math.min(next, Math.min(total - 1, bound));
        }
      }
      if (next == total) {
        return total;
      }
      total = next;
    }
    return 0;
  }

  private boolean fits(int category, long quota, long[] limits, Map<Long, Boolean> known) {
    return known.computeIfAbsent(
        quota,
        q -> {
          long[] inside = inner.get(category).divide(q);
          int[] indices = members.get(category);
          for (int i = 0; i < indices.length; i++) {
            if (inside[i] > limits[indices[i]]) {
              return false;
            }
          }
          return true;
        });
  }

  /** A total above which all limits together, or some whole part alone, are passed. */
  private long upperBound(long[] limits) {
    BigInteger all = BigInteger.ZERO;
    for (int[] category : members) {
      for (int i : category) {
        all = all.add(BigInteger.valueOf(limits[i]));
      }
    }
    long bound = all.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
    for (int c = 0; c < members.size(); c++) {
      for (int i : members.get(c)) {
        if (limits[i] < Long.MAX_VALUE) {
          BigFraction inside = share(i).divide(categoryShares.get(c));
          BigFraction category = BigFraction.of(limits[i] + 1).divide(inside).add(1);
          bound = Math.min(bound, ceil(category.divide(categoryShares.get(c))));
        }
      }
    }
    return bound;
  }

  private static long ceil(BigFraction value) {
    var parts = value.getNumerator().divideAndRemainder(value.getDenominator());
    long whole = parts[0].bitLength() < 63 ? parts[0].longValue() : Long.MAX_VALUE - 1;
    return parts[1].signum() > 0 ? whole + 1 : whole;
  }
}
