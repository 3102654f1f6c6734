package dev.mixdown.transforms.bytes;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Compares numbers, as records write them, with a bound: exactly, and without an object for those
 * of the usual form.
 */
public final class Bound {
  /** The most digits that a long holds whatever they are. */
  private static final int DIGITS = 18;

  private final @Nullable BigDecimal bound;

  /** The least whole number of units of 10^-s that is not below the bound, by s. */
  private final long[] ceiling = new long[DIGITS + 1];

  /** The greatest that is not above it. */
  private final long[] floor = new long[DIGITS + 1];

  /**
   * @param bound null for none
   */
  public Bound(@Nullable BigDecimal bound) {
    this.bound = bound;
    if (bound != null) {
      for (int s = 0; s <= DIGITS; s++) {
        ceiling[s] = clamp(bound.scaleByPowerOfTen(s), RoundingMode.CEILING);
        floor[s] = clamp(bound.scaleByPowerOfTen(s), RoundingMode.FLOOR);
      }
    }
  }

  private static long clamp(BigDecimal value, RoundingMode mode) {
    BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
    return value.setScale(0, mode).min(most).max(most.negate()).longValueExact();
  }

  /** Whether the number in {@code b[from..to)}, which is one, is below the bound. */
  public boolean isAbove(byte[] b, int from, int to) {
    if (bound == null) {
      return false;
    }
    int scale = scale(b, from, to);
    return scale >= 0
        ? unscaled(b, from, to) < ceiling[scale]
        : decimal(b, from, to).compareTo(bound) < 0;
  }

  /** Whether the number in {@code b[from..to)}, which is one, is above the bound. */
  public boolean isBelow(byte[] b, int from, int to) {
    if (bound == null) {
      return false;
    }
    int scale = scale(b, from, to);
    return scale >= 0
        ? unscaled(b, from, to) > floor[scale]
        : decimal(b, from, to).compareTo(bound) > 0;
  }

  /** The digits behind the point of a number of digits, point and sign; -1 for any other. */
  private static int scale(byte[] b, int from, int to) {
    int point = -1;
    int begin = from < to && b[from] == '-' ? from + 1 : from;
    for (int i = begin; i < to; i++) {
      if (b[i] == '.' && point < 0) {
        point = i;
      } else if (b[i] < '0' || b[i] > '9') {
        return -1;
      }
    }
    return to - begin > DIGITS ? -1 : point < 0 ? 0 : to - point - 1;
  }

  private static long unscaled(byte[] b, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      if (b[i] >= '0' && b[i] <= '9') {
        value = value * 10 + (b[i] - '0');
      }
    }
    return b[from] == '-' ? -value : value;
  }

  private static BigDecimal decimal(byte[] b, int from, int to) {
    return new BigDecimal(new String(b, from, to - from, StandardCharsets.US_ASCII));
  }
}
