package dev.mixdown.recipes.diff;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How much a parameter matters to what comes out of a training; what matters most comes first. */
public enum Importance {
  CRITICAL,
  IMPORTANT,
  NORMAL;

  /** As documents have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The importance of a word. */
  static Optional<Importance> of(String word) {
    return Arrays.stream(values()).filter(importance -> importance.word().equals(word)).findFirst();
  }

  /** All words. */
  static List<String> words() {
    return Arrays.stream(values()).map(Importance::word).toList();
  }
}
