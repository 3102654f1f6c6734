package dev.mixdown.registry.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers of a database as documents and people have them. */
public final class Numbers {
  private static final MathContext SHOWN = new MathContext(6);

  /** Databases add in different orders: the last digits of a mean say nothing. */
  private static final MathContext MEASURED = new MathContext(12);

  private static final double WHOLE = 1e15;

  private Numbers() {}

  /** A number as JSON: 8 and not 8.0. */
  public static JsonNode json(double value) {
    return value == Math.rint(value) && Math.abs(value) < WHOLE
        ? LongNode.valueOf((long) value)
        : DecimalNode.valueOf(BigDecimal.valueOf(value).stripTrailingZeros());
  }

  /** A mean without the digits that depend on the order of adding. */
  public static double mean(double value) {
    return Double.isFinite(value) ? new BigDecimal(value).round(MEASURED).doubleValue() : value;
  }

  /** A number with so many digits, the first that are not 0. */
  public static double rounded(double value, int digits) {
    return new BigDecimal(value).round(new MathContext(digits)).doubleValue();
  }

  /** A number for people, with six digits at most: {@code 5e-07}, {@code 0.02}, {@code 128}. */
  public static String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(SHOWN).stripTrailingZeros();
    double size = Math.abs(value);
    if (value != 0 && (size < 1e-4 || size >= 1e15)) {
      int exponent = rounded.precision() - rounded.scale() - 1;
      BigDecimal digits = rounded.movePointLeft(exponent).stripTrailingZeros();
      return "%se%s%02d"
          .formatted(digits.toPlainString(), exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
    return rounded.toPlainString();
  }
}
