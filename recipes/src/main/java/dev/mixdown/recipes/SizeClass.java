package dev.mixdown.recipes;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How large a model is, roughly. */
public enum SizeClass {
  /** Below a billion parameters. */
  SMALL("below 1B", 500_000_000L),

  /** 1 to 10 billion. */
  MEDIUM("1B to 10B", 7_000_000_000L),

  /** 10 to 100 billion. */
  LARGE("10B to 100B", 70_000_000_000L),

  /** 100 billion or more. */
  XLARGE("100B or more", 405_000_000_000L);

  private static final long BILLION = 1_000_000_000L;

  private final String range;
  private final long typical;

  SizeClass(String range, long typical) {
    this.range = range;
    this.typical = typical;
  }

  /** The class of a number of parameters. */
  public static SizeClass of(long parameters) {
    return parameters < BILLION
        ? SMALL
        : parameters < 10 * BILLION ? MEDIUM : parameters < 100 * BILLION ? LARGE : XLARGE;
  }

  /** As documents have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sizes in it, for people. */
  public String range() {
    return range;
  }

  /** The parameters of a model that many train, in this class. */
  public long typical() {
    return typical;
  }

  /** The class of a word. */
  public static Optional<SizeClass> of(String word) {
    return Arrays.stream(values()).filter(size -> size.word().equals(word)).findFirst();
  }

  /** All words. */
  public static List<String> words() {
    return Arrays.stream(values()).map(SizeClass::word).toList();
  }
}
