package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.configs.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads what a pipeline left for whoever started it. */
final class Results {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Results() {}

  /** Takes the results out of a run's folder, which is empty and gone afterwards. */
  static <T> List<T> take(String folder, Class<T> type) throws IOException {
    List<T> results = new ArrayList<>();
    for (String name : Storage.names(folder)) {
      String path = Storage.resolve(folder, name);
      if (name.endsWith(".json")) {
        results.add(MAPPER.readValue(Storage.read(path).orElseThrow(), type));
      }
      Storage.delete(path);
    }
    Storage.delete(folder);
    // A worker that failed halfway may have told something twice.
    return results.stream().distinct().toList();
  }
}
