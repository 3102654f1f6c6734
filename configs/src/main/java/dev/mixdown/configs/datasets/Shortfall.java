package dev.mixdown.configs.datasets;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What to do when {@code total_clips} cannot be met. */
public enum Shortfall {
  /** Say what is short, and stop. */
  FAIL,
  /** Take the largest total that fits. */
  SHRINK,
  /** Keep the total: others give what is missing. */
  REDISTRIBUTE,
  /** Keep the mix: short strata are repeated more often. */
  REPEAT;

  /** The word that configs use. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The constant of a word that is one of {@link #words}. */
  public static Shortfall of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** All words, in order. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Shortfall::word).toList();
  }
}
