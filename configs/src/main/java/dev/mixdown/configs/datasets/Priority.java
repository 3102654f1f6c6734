package dev.mixdown.configs.datasets;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A dataset's {@code sampling_priority}, highest first. */
public enum Priority {
  /** Before all others. */
  CRITICAL,
  /** Before the usual. */
  HIGH,
  /** The usual: what a dataset has that names none. */
  MEDIUM,
  /** After all others. */
  LOW;

  /** Another word for {@link #MEDIUM}. */
  private static final String STANDARD = "standard";

  /** The word that configs use. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The constant of a word that is one of {@link #words}. */
  public static Priority of(String word) {
    return word.equals(STANDARD) ? MEDIUM : valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** All words, in order. */
  public static List<String> words() {
    return Stream.concat(Arrays.stream(values()).map(Priority::word), Stream.of(STANDARD)).toList();
  }
}
