package dev.mixdown.pipelines.init;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two small datasets to try things on: additions and multiplications, as a tiny model learns them.
 */
public final class ExampleData {
  private static final int LARGEST_TERM = 19;
  private static final int LARGEST_FACTOR = 9;

  private ExampleData() {}

  /**
   * Writes {@code data/sums.jsonl} (400 records) and {@code data/products.jsonl} (100 records).
   *
   * @return the files
   * @throws IllegalArgumentException when one is there already
   */
  public static List<String> write(Storage storage, String folder) throws IOException {
    List<String> written = new ArrayList<>();
    for (boolean sums : List.of(true, false)) {
      String path =
          StoragePath.resolve(
              StoragePath.absolute(folder), sums ? "data/sums.jsonl" : "data/products.jsonl");
      byte[] records = records(sums).getBytes(StandardCharsets.UTF_8);
      if (!storage.replace(path, Optional.empty(), records)) {
        throw new IllegalArgumentException(
            path + " is there already and is not written over; choose another folder");
      }
      written.add(path);
    }
    return written;
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
