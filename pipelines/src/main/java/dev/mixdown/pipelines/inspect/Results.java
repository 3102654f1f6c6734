package dev.mixdown.pipelines.inspect;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.WriteResults;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.beam.sdk.transforms.SerializableFunction;

/** The results of one pipeline, in files of the workspace, for the process that started it. */
public final class Results<T> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration LEFTOVERS_ARE_OLD = Duration.ofDays(7);

  private final Storage storage;
  private final String folder;
  private final String run = UUID.randomUUID() + "-";
  private final Class<T> type;

  public Results(Workspace workspace, Class<T> type) {
    this.folder = StoragePath.resolve(workspace.folder(), "runs");
    this.storage = workspace.storage();
    this.type = type;
  }

  /** How the paths of this run's results begin. */
  String prefix() {
    return StoragePath.resolve(folder, run);
  }

  /**
   * The step that leaves results.
   *
   * @param key what tells a result from the others
   */
  public WriteResults<T> write(SerializableFunction<T, String> key) {
    return new WriteResults<>(storage, prefix(), key);
  }

  /** Takes the results; afterwards their files are gone, and those of runs that were killed. */
  public List<T> take() throws IOException {
    List<T> results = new ArrayList<>();
    List<String> paths =
        storage.names(folder).stream()
            // Some stores list what a worker that died was still sending, by a longer name.
            .filter(name -> name.startsWith(run) && name.endsWith(WriteResults.SUFFIX))
            .map(name -> StoragePath.resolve(folder, name))
            .toList();
    for (Optional<byte[]> result : storage.readAll(paths)) {
      results.add(MAPPER.readValue(result.orElseThrow(), type));
    }
    storage.delete(paths);
    storage.removeOlderThan(folder, LEFTOVERS_ARE_OLD);
    // A worker that failed halfway may have left a result twice.
    return results.stream().distinct().toList();
  }
}
