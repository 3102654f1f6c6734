package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.configs.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What one pipeline leaves for whoever started it, in a folder of its own. */
final class Results<T> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String folder;
  private final Class<T> type;

  Results(String workspace, Class<T> type) {
    this.folder = Storage.resolve(workspace, "runs/" + UUID.randomUUID());
    this.type = type;
  }

  String folder() {
    return folder;
  }

  /** Takes the results out of the folder, which is gone afterwards. */
  List<T> take() throws IOException {
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
