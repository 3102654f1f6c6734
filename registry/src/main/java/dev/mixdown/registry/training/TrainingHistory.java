package dev.mixdown.registry.training;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
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
  public static TrainingHistory below(String folder) throws IOException {
    List<String> paths =
        Storage.match(folder.endsWith("/") ? folder : folder + "/").files().stream()
            .map(FileInfo::path)
            .filter(path -> Storage.name(path).equals(TrainingInfo.FILE))
            .toList();
    List<Optional<byte[]>> files = Storage.readAll(paths);
    List<TrainingInfo> infos = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Optional<byte[]> file = files.get(i);
      if (file.isPresent()) {
        try {
          infos.add(TrainingInfo.parse(Storage.absolute(paths.get(i)), file.get()));
        } catch (ConfigException e) {
          problems.addAll(e.problems());
        }
      }
    }
    return new TrainingHistory(infos, problems);
  }

  /**
   * Reads one.
   *
   * @param path a file, or the folder that it lies in
   */
  public static TrainingInfo read(String path) throws IOException {
    String file = file(path);
    Optional<byte[]> bytes = Storage.read(file);
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
    String full = Storage.absolute(path);
    return Storage.name(full).endsWith(".json") ? full : Storage.resolve(full, TrainingInfo.FILE);
  }
}
