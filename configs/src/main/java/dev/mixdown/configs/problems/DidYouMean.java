package dev.mixdown.configs.problems;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that a misspelt one was meant to be. */
public final class DidYouMean {
  private DidYouMean() {}

  /**
   * The known word nearest to {@code word} in edits (a swap of neighbours counts as one), if it is
   * no further than a third of the word's length, at least one.
   */
  public static Optional<String> nearest(String word, Collection<String> known) {
    return nearest(word, known, Math.max(1, word.length() / 3));
  }

  /** The known word nearest to {@code word}, if it is no more than {@code limit} edits away. */
  public static Optional<String> nearest(String word, Collection<String> known, int limit) {
    String lower = word.toLowerCase(Locale.ROOT).replace('-', '_');
    return known.stream()
        .filter(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)) <= limit)
        .min(
            Comparator.comparingInt((String c) -> distance(lower, c.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** The ready ending of a message: {@code ; did you mean "x"?}, or the known words, or nothing. */
  public static String hint(String word, Collection<String> known) {
    return nearest(word, known)
        .map(n -> "; did you mean \"" + n + "\"?")
        .orElse(known.isEmpty() ? "" : "; known are " + String.join(", ", known));
  }

  /** Optimal string alignment distance. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1);
        best = Math.min(best, d[i - 1][j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, d[i - 2][j - 2] + 1);
        }
        d[i][j] = best;
      }
    }
    return d[a.length()][b.length()];
  }
}
