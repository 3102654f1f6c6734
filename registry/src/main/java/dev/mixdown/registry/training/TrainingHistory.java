package dev.mixdown.registry.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All histories below a folder, where models and experiments lie side by side.
 *
 * @param infos by path
 * @param problems what is wrong with files that could not be read
 */
public record TrainingHistory(List<TrainingInfo> infos, List<Problem> problems) {

  /** Reads every {@code training_info.json} below a folder. */
  public static TrainingHistory below(Storage storage, String folder) throws IOException {
    List<String> paths =
        storage.below(folder).stream()
            .map(FileInfo::path)
            .filter(path -> StoragePath.name(path).equals(TrainingInfo.FILE))
            .toList();
    List<Optional<byte[]>> files = storage.readAll(paths);
    List<TrainingInfo> infos = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Optional<byte[]> file = files.get(i);
      if (file.isPresent()) {
        try {
          infos.add(TrainingInfo.parse(StoragePath.absolute(paths.get(i)), file.get()));
        } catch (ConfigException e) {
          problems.addAll(e.problems());
        }
      }
    }
    return new TrainingHistory(infos, problems);
  }

  /** The document that {@code training list --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("histories");
    for (TrainingInfo info : infos) {
      ObjectNode one = list.addObject().put("path", info.path());
      one.setAll(info.json());
    }
    document.set("notes", Problems.json(problems));
    return document;
  }

  /**
   * Reads one.
   *
   * @param path a file, or the folder that it lies in
   */
  public static TrainingInfo read(Storage storage, String path) throws IOException {
    String file = file(path);
    Optional<byte[]> bytes = storage.read(file);
    if (bytes.isEmpty()) {
      throw new ConfigException(
          TrainingInfo.WHAT,
          file,
          "is not there; \"mixdown training list FOLDER\" shows those that are");
    }
    return TrainingInfo.parse(file, bytes.get());
  }

  /** The file that is meant by its path, or by its folder's; in full. */
  public static String file(String path) {
    String full = StoragePath.absolute(path);
    return StoragePath.name(full).endsWith(".json")
        ? full
        : StoragePath.resolve(full, TrainingInfo.FILE);
  }
}
