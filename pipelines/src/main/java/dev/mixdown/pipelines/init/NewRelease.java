package dev.mixdown.pipelines.init;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.match.ShardFiles;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes a release repository for data that has none: one stage, a dataset for each file or folder,
 * and comments that say what to change. What is there is never written over.
 */
public final class NewRelease {
  private final Storage storage;
  private final String folder;
  private final String stage;

  /**
   * @param folder the repository's
   * @param stage the key of its stage
   */
  public NewRelease(Storage storage, String folder, String stage) {
    this.storage = storage;
    this.folder = StoragePath.absolute(folder);
    this.stage = stage;
  }

  /**
   * What was made.
   *
   * @param datasets what is in the data
   * @param files that were written, seen from the repository
   */
  public record Outcome(String folder, String stage, List<DataLook> datasets, List<String> files) {
    /** The document that {@code init --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object().put("repository", folder).put("stage", stage);
      ArrayNode list = document.putArray("datasets");
      datasets.forEach(dataset -> list.add(dataset.json()));
      document.set("written", Json.tree(files));
      return document;
    }
  }

  /**
   * Looks at the data and writes the repository.
   *
   * @param data files, folders and patterns
   * @throws DataException with everything that is wrong with the data
   * @throws IllegalArgumentException when a file of the repository is there already
   */
  public Outcome make(List<String> data) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    String config = "stages/" + stage + ".json";
    for (String name : List.of(ReleaseRepository.STAGE_CONFIG, config)) {
      String path = StoragePath.resolve(folder, name);
      if (storage.stat(path).isPresent()) {
        throw new IllegalArgumentException(
            path + " is there already and is not written over; choose another folder");
      }
    }
    List<DataLook> datasets = look(data);
    files.put(config, ReleaseText.datasetConfig(stage, datasets));
    files.put(ReleaseRepository.STAGE_CONFIG, ReleaseText.catalog(stage, config));
    for (Map.Entry<String, String> file : files.entrySet()) {
      String path = StoragePath.resolve(folder, file.getKey());
      byte[] text = file.getValue().getBytes(StandardCharsets.UTF_8);
      if (!storage.replace(path, Optional.empty(), text)) {
        throw new IllegalArgumentException(path + " was made by someone else meanwhile");
      }
    }
    return new Outcome(folder, stage, datasets, List.copyOf(files.keySet()));
  }

  private List<DataLook> look(List<String> data) throws IOException {
    List<DataProblem> problems = new ArrayList<>();
    Map<String, List<ShardFiles.Shard>> byPath = new LinkedHashMap<>();
    Reach reach = Reach.patient(storage);
    for (String path : data) {
      String whole = StoragePath.absolute(path);
      boolean isFolder = storage.stat(whole).isEmpty() && !isPattern(path);
      String asked = isFolder && !whole.endsWith("/") ? whole + "/" : whole;
      if (isFolder && storage.below(asked).isEmpty()) {
        problems.add(DataProblem.of(path, "not found: no file, and no folder with files in it"));
        continue;
      }
      ShardFiles found =
          ShardFiles.of(reach, "", asked, Optional.empty(), "it with an ending such as .jsonl");
      problems.addAll(found.problems());
      byPath.putAll(datasets(asked, isFolder, found.shards()));
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    Map<String, String> names = DatasetNames.of(List.copyOf(byPath.keySet()));
    List<DataLook> looks = new ArrayList<>();
    for (Map.Entry<String, List<ShardFiles.Shard>> dataset : byPath.entrySet()) {
      String path = dataset.getKey();
      String name = names.getOrDefault(path, path);
      looks.add(DataLook.at(storage, name, seenFromFolder(path), dataset.getValue()));
    }
    return looks;
  }

  /** A folder whose files all lie in folders below it is a dataset for each of these. */
  private static Map<String, List<ShardFiles.Shard>> datasets(
      String path, boolean isFolder, List<ShardFiles.Shard> shards) {
    if (!isFolder) {
      return shards.isEmpty() ? Map.of() : Map.of(path, shards);
    }
    Map<String, List<ShardFiles.Shard>> below =
        shards.stream()
            .collect(
                Collectors.groupingBy(
                    shard -> firstFolder(path, shard.file().path()),
                    TreeMap::new,
                    Collectors.toList()));
    return below.containsKey(path) || below.isEmpty()
        ? (shards.isEmpty() ? Map.of() : Map.of(path, shards))
        : below;
  }

  /** The folder right below another that a file lies in, or that other one itself. */
  private static String firstFolder(String path, String file) {
    int end = file.startsWith(path) ? file.indexOf('/', path.length()) : -1;
    return end < 0 ? path : file.substring(0, end + 1);
  }

  private static boolean isPattern(String path) {
    return path.matches(".*[*?\\[{].*");
  }

  /** A path as the repository names it: relative where the data lies in its folder. */
  private String seenFromFolder(String path) {
    String inside = folder.endsWith("/") ? folder : folder + "/";
    return path.startsWith(inside) ? path.substring(inside.length()) : path;
  }
}
