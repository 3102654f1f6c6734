package dev.mixdown.configs.switching;

import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The switch log, beside {@code active_stage.yaml}: one JSON line for each switch.
 *
 * <p>A switch is made by writing {@code active_stage.yaml}, which keeps the line as {@code
 * last_switch}; then the line is added here. Where a process dies between the two, whoever comes
 * next adds it.
 */
public final class SwitchLog {
  /** Its place, seen from the folder of {@code active_stage.yaml}. */
  public static final String PLACE = "logs/stage_switch.jsonl";

  private final Storage storage;
  private final String file;

  public SwitchLog(ReleaseRepository repository) {
    this.storage = repository.storage();
    this.file = StoragePath.resolve(StoragePath.folder(repository.activeFile()), PLACE);
  }

  /** Adds the last switch's line where it is missing. */
  void complete(Optional<ActiveStage> active) throws IOException {
    if (active.isPresent() && !active.get().lastSwitch().isEmpty()) {
      add(active.get().lastSwitch());
    }
  }

  /** Adds a line that is not there yet. */
  void add(Map<String, ?> line) throws IOException {
    storage.addLine(file, Json.spaced(line));
  }

  /**
   * Finds out before a switch that its line could not be added.
   *
   * @throws SwitchException when it could not
   */
  void refuseUnwritable() throws IOException {
    try {
      storage.touch(file);
    } catch (FileSystemException e) {
      throw new SwitchException(
          "the switch log %s cannot be written (%s), so nothing was changed; make it writable"
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  /** The lines so far, oldest first; what is not a JSON object is left out. */
  public List<Map<?, ?>> lines() throws IOException {
    return StoragePath.isSupported(file)
        ? storage.readText(file).orElse("").lines().flatMap(l -> Json.object(l).stream()).toList()
        : List.of();
  }
}
