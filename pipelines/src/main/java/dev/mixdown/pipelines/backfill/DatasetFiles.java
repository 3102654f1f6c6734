package dev.mixdown.pipelines.backfill;

import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.pipelines.match.ShardFiles;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files belong to one dataset. {@code NAME=GLOB} says so itself; a folder (with a slash at
 * its end) is one dataset by its own name; else each file is one by its name, and numbered shards
 * of one name, as {@code clips-00000-of-00012.jsonl}, are one together; a date is no such number.
 */
public final class DatasetFiles {
  private static final Pattern NAMED = Pattern.compile("([\\w.-]+)=(.+)", Pattern.DOTALL);
  private static final Pattern NUMBERED =
      Pattern.compile(
          "(.*?)[-_.]?(?:\\d{4,}-of-\\d{4,}|(?:part|shard|chunk)[-_]?\\d+|(?!(?:19|20)\\d{6}$)\\d{5,})");
  private static final Pattern EXTENSIONS =
      Pattern.compile(
          "\\.(jsonl|ndjson|json|csv|parquet)(\\.[^.]+)*$|(\\.(gz|zst|bz2))+$",
          Pattern.CASE_INSENSITIVE);

  private final Reach reach;
  private final boolean full;
  private final Map<String, Dataset> datasets = new LinkedHashMap<>();
  private final Map<String, String> owners = new LinkedHashMap<>();
  private final List<DataProblem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Written how;

  /**
   * How data is written.
   *
   * @param format for all datasets
   * @param csv for those that no config knows
   * @param entries what a config says, by dataset
   */
  public record Written(
      Optional<String> format, CsvOptions csv, Map<String, DatasetEntry> entries) {
    Optional<String> format(String dataset) {
      DatasetEntry entry = entries.get(dataset);
      return entry == null ? format : entry.format();
    }

    CsvOptions csv(String dataset) {
      DatasetEntry entry = entries.get(dataset);
      return entry == null ? csv : entry.csv();
    }
  }

  /**
   * A dataset and its files.
   *
   * @param path where it lies: a file, a folder or a glob, in full
   */
  record Dataset(String name, String path, List<MatchedShard> shards) {}

  DatasetFiles(Reach reach, boolean full, Written how) {
    this.reach = reach;
    this.full = full;
    this.how = how;
  }

  /** What was left out. */
  List<String> notes() {
    return notes;
  }

  /** The datasets so far, in the order in which they were found. */
  List<Dataset> datasets() {
    return List.copyOf(datasets.values());
  }

  /** What matches nothing, or is no data by its name. */
  List<DataProblem> problems() {
    return problems;
  }

  /** Lists the files of an argument. */
  void add(String argument) throws IOException {
    Matcher named = NAMED.matcher(argument);
    // A path may have an = in it too: date=2024-01-01/*.jsonl.
    boolean hasName =
        named.matches()
            && StoragePath.scheme(argument).isEmpty()
            && reach.match("", argument).files().isEmpty();
    String glob = hasName ? named.group(2) : argument;
    String own = hasName ? named.group(1) : StoragePath.name(glob);
    ShardFiles files = ShardFiles.of(reach, "", glob, how.format(own), "--data-format");
    problems.addAll(files.problems());
    files.notes().forEach(note -> notes.add(glob + ": " + note));
    for (ShardFiles.Shard shard : files.shards()) {
      String path = StoragePath.absolute(shard.file().path());
      if (owners.containsKey(path)) {
        problem(path, "belongs to what " + owners.get(path) + " matches already");
      } else {
        owners.put(path, argument);
        Dataset dataset =
            hasName
                ? dataset(named.group(1), StoragePath.absolute(glob))
                : glob.endsWith("/")
                    ? dataset(StoragePath.name(glob), StoragePath.absolute(glob))
                    : byItsName(path);
        dataset
            .shards()
            .add(
                new MatchedShard(
                    dataset.name(),
                    shard.file(),
                    InspectionSpec.of(shard.format(), how.csv(dataset.name()), full, false)));
      }
    }
  }

  private Dataset byItsName(String path) {
    String stem = EXTENSIONS.matcher(StoragePath.name(path)).replaceFirst("");
    Matcher numbered = NUMBERED.matcher(stem);
    if (!numbered.matches()) {
      return dataset(stem, path);
    }
    String folder = StoragePath.folder(path);
    return numbered.group(1).isEmpty()
        ? dataset(StoragePath.name(folder), folder)
        : dataset(numbered.group(1), StoragePath.resolve(folder, numbered.group(1) + "*"));
  }

  private Dataset dataset(String name, String path) {
    return datasets.computeIfAbsent(
        name + "\u0000" + path, key -> new Dataset(name, path, new ArrayList<>()));
  }

  private void problem(String path, String message) {
    problems.add(new DataProblem(path, -1, -1, message));
  }
}
