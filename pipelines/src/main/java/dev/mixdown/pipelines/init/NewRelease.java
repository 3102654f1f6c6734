package dev.mixdown.pipelines.init;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.match.ShardFiles;
import dev.mixdown.storage.Glob;
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
   * Writes example data into the repository's folder, and a repository for it.
   *
   * @throws IllegalArgumentException when a file is there already
   */
  public Outcome makeExample() throws IOException {
    refuseExisting();
    Map<String, String> data = ExampleData.files();
    write(data);
    return make(data.keySet().stream().map(this::inFolder).toList());
  }

  /**
   * Looks at the data and writes the repository.
   *
   * @param data files, folders and patterns
   * @throws DataException with everything that is wrong with the data
   * @throws IllegalArgumentException when a file of the repository is there already
   */
  public Outcome make(List<String> data) throws IOException {
    refuseExisting();
    List<DataLook> datasets = look(data);
    Map<String, String> files = new LinkedHashMap<>();
    files.put(config(), ReleaseText.datasetConfig(stage, datasets));
    files.put(ReleaseRepository.STAGE_CONFIG, ReleaseText.catalog(stage, config()));
    write(files);
    return new Outcome(folder, stage, datasets, List.copyOf(files.keySet()));
  }

  private String config() {
    return "stages/" + stage + ".json";
  }

  private String inFolder(String name) {
    return StoragePath.resolve(folder, name);
  }

  /** Finds out before any work that a file of the repository is there. */
  private void refuseExisting() throws IOException {
    for (String name : List.of(ReleaseRepository.STAGE_CONFIG, config())) {
      if (storage.stat(inFolder(name)).isPresent()) {
        throw existing(inFolder(name));
      }
    }
  }

  /** Writes texts by their names, none over a file that is there. */
  private void write(Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      String path = inFolder(file.getKey());
      byte[] text = file.getValue().getBytes(StandardCharsets.UTF_8);
      if (!storage.replace(path, Optional.empty(), text)) {
        throw existing(path);
      }
    }
  }

  private static IllegalArgumentException existing(String path) {
    return new IllegalArgumentException(
        path + " is there already and is not written over; choose another folder");
  }

  private List<DataLook> look(List<String> data) throws IOException {
    List<DataProblem> problems = new ArrayList<>();
    Map<String, List<ShardFiles.Shard>> byPath = new LinkedHashMap<>();
    Reach reach = Reach.patient(storage);
    for (String path : data) {
      String whole = StoragePath.absolute(path);
      boolean isFolder = storage.stat(whole).isEmpty() && !Glob.isGlob(path);
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
    if (shards.isEmpty()) {
      return Map.of();
    }
    Map<String, List<ShardFiles.Shard>> below =
        shards.stream()
            .collect(
                Collectors.groupingBy(
                    shard -> firstFolder(path, shard.file().path()),
                    TreeMap::new,
                    Collectors.toList()));
    return isFolder && !below.containsKey(path) ? below : Map.of(path, shards);
  }

  /** The folder right below another that a file lies in, or that other one itself. */
  private static String firstFolder(String path, String file) {
    int end = file.startsWith(path) ? file.indexOf('/', path.length()) : -1;
    return end < 0 ? path : file.substring(0, end + 1);
  }

  /** A path as the repository names it: relative where the data lies in its folder. */
  private String seenFromFolder(String path) {
    String inside = folder.endsWith("/") ? folder : folder + "/";
    return path.startsWith(inside) ? path.substring(inside.length()) : path;
  }
}
