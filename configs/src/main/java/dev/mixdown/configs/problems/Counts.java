package dev.mixdown.configs.problems;

import java.util.Locale;

/** Counts as people read them. */
public final class Counts {
  private Counts() {}

  /** A count with its word: {@code 1 part}, {@code 1,200 parts}. */
  public static String of(long count, String word) {
    return of(count, word, word + "s");
  }

  /** A count with its word, whose plural is not made with an s. */
  public static String of(long count, String one, String many) {
    return number(count) + " " + (count == 1 ? one : many);
  }

  /** A number with commas between thousands. */
  public static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A share in per cent, with two decimals. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", share * 100);
  }
}
