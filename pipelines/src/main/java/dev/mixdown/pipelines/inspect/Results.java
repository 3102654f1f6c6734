package dev.mixdown.pipelines.inspect;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.WriteResults;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What one pipeline leaves for whoever started it, in files of the workspace. */
public final class Results<T> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration LEFTOVERS_ARE_OLD = Duration.ofDays(7);

  private final String folder;
  private final String run = UUID.randomUUID() + "-";
  private final Class<T> type;

  public Results(String workspace, Class<T> type) {
    this.folder = Storage.resolve(workspace, "runs");
    this.type = type;
  }

  /** How the paths of this run's results begin. */
  public String prefix() {
    return Storage.resolve(folder, run);
  }

  /** Takes the results; afterwards their files are gone, and those of runs that were killed. */
  public List<T> take() throws IOException {
    List<T> results = new ArrayList<>();
    List<String> paths =
        Storage.names(folder).stream()
            // Some stores list what a worker that died was still sending, by a longer name.
            .filter(name -> name.startsWith(run) && name.endsWith(WriteResults.SUFFIX))
            .map(name -> Storage.resolve(folder, name))
            .toList();
    for (Optional<byte[]> result : Storage.readAll(paths)) {
      results.add(MAPPER.readValue(result.orElseThrow(), type));
    }
    Storage.delete(paths);
    Storage.removeOlderThan(folder, LEFTOVERS_ARE_OLD);
    // A worker that failed halfway may have told something twice.
    return results.stream().distinct().toList();
  }
}
