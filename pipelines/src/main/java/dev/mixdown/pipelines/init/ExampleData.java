package dev.mixdown.pipelines.init;

import dev.mixdown.configs.syntax.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Two small datasets to try things on: additions and multiplications, as a tiny model learns them.
 */
final class ExampleData {
  private static final int LARGEST_TERM = 19;
  private static final int LARGEST_FACTOR = 9;

  private ExampleData() {}

  /**
   * The files by name: {@code data/sums.jsonl} (400 records), {@code data/products.jsonl} (100).
   */
  static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("data/sums.jsonl", records(true));
    files.put("data/products.jsonl", records(false));
    return files;
  }

  private static String records(boolean sums) {
    int largest = sums ? LARGEST_TERM : LARGEST_FACTOR;
    StringBuilder lines = new StringBuilder();
    for (int a = 0; a <= largest; a++) {
      for (int b = 0; b <= largest; b++) {
        lines
            .append(
                Json.line(
                    Json.object()
                        .put("question", a + (sums ? " + " : " x ") + b)
                        .put("answer", sums ? a + b : a * b)
                        .put("level", Math.max(a, b) <= largest / 2 ? "easy" : "hard")))
            .append('\n');
      }
    }
    return lines.toString();
  }
}
