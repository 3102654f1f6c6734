package dev.mixdown.transforms.mixing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.commons.numbers.fraction.BigFraction;

/** Exact numbers in the form that documents have them: digests are taken of some. */
public final class ExactDecimals {
  /** Decimals of a share. */
  private static final int DECIMALS = 12;

  private ExactDecimals() {}

  /** The shortest decimal of the same value, without an exponent. */
  public static BigDecimal shortest(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** A fraction to 12 decimals. */
  public static BigDecimal of(BigFraction fraction) {
    return shortest(fraction.bigDecimalValue(DECIMALS, RoundingMode.HALF_EVEN));
  }

  /** A decimal as the fraction that it is. */
  public static BigFraction fraction(BigDecimal value) {
    return value.scale() > 0
        ? BigFraction.of(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
        : BigFraction.of(value.toBigIntegerExact());
  }

  /**
   * A quotient to 12 decimals.
   *
   * @param whole not 0
   */
  public static BigDecimal quotient(long part, long whole) {
    return of(BigFraction.of(part).divide(BigFraction.of(whole)));
  }
}
