package dev.mixdown.configs.syntax;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Numbers that come from outside, with a bound on their size. Some texts of a few characters, such
 * as {@code 1e999999999}, are numbers that no memory holds once they are written out.
 */
public final class Numbers {
  /** The most digits of a number. */
  public static final int MOST_DIGITS = 100;

  /** The largest power of ten of a number, and of one divided by it. */
  public static final int MOST_EXPONENT = 10_000;

  private static final int MOST_CHARACTERS = MOST_EXPONENT + MOST_DIGITS;

  private Numbers() {}

  /**
   * Says whether a text is a number that {@link #parse} reads, without reading it where that is
   * plain to see.
   *
   * @throws NumberFormatException as {@link #parse}
   */
  static void check(String text) {
    boolean plain = text.length() <= MOST_DIGITS;
    for (int i = text.startsWith("-") ? 1 : 0; i < text.length() && plain; i++) {
      plain = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!plain || text.length() < 2) {
      parse(text);
    }
  }

  /**
   * Reads a decimal number exactly.
   *
   * @throws NumberFormatException with a message for people, when it is not a number or too large
   */
  public static BigDecimal parse(String text) {
    BigDecimal number;
    if (text.length() > MOST_CHARACTERS) {
      throw new NumberFormatException(
          "a number has %,d characters; at most %d digits can be read"
              .formatted(text.length(), MOST_DIGITS));
    }
    try {
      number =
          text.startsWith("0x") || text.startsWith("0o")
              // As YAML 1.2 has them.
              ? new BigDecimal(new BigInteger(text.substring(2), text.charAt(1) == 'x' ? 16 : 8))
              : new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new NumberFormatException(
          text.matches("[+-]?[0-9.]+[eE][+-]?[0-9]+")
              ? tooLarge(text)
              : "\"" + text + "\" is not a decimal number; write it in digits");
    }
    if (!isReasonable(number)) {
      throw new NumberFormatException(tooLarge(text));
    }
    return number;
  }

  private static String tooLarge(String text) {
    return "the number %s is beyond what can be read: at most %d digits, and exponents from -%d to %d"
        .formatted(
            text.length() > 40 ? text.substring(0, 40) + "..." : text,
            MOST_DIGITS,
            MOST_EXPONENT,
            MOST_EXPONENT);
  }

  /** Whether a number is within the bounds. */
  public static boolean isReasonable(BigDecimal number) {
    long exponent = (long) number.precision() - number.scale() - 1;
    return number.precision() <= MOST_DIGITS
        && (number.signum() == 0
            ? Math.abs((long) number.scale()) <= MOST_EXPONENT
            : Math.abs(exponent) <= MOST_EXPONENT);
  }
}
