package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.DatasetConfig;
import dev.mixdown.configs.DatasetEntry;
import dev.mixdown.configs.MixSettings;
import dev.mixdown.configs.storage.FileInfo;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.pipelines.prepare.MatchedDataset.MatchedShard;
import dev.mixdown.transforms.shards.DataProblem;
import dev.mixdown.transforms.shards.InspectionSpec;
import dev.mixdown.transforms.shards.ShardFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lists the files of a stage's datasets, and decides what is to be found in each. */
final class ShardMatcher {
  private static final Pattern SOME_DIGITS = Pattern.compile("\\[|\\{[^}]*\\d|\\d\\d[*?]");

  private final String repository;
  private final MixSettings mix;
  private final boolean full;
  private final boolean skipBad;
  private final List<DataProblem> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, String> owners = new HashMap<>();

  ShardMatcher(String repository, MixSettings mix, boolean full, boolean skipBad) {
    this.repository = repository;
    this.mix = mix;
    this.full = full;
    this.skipBad = skipBad;
  }

  /** What is wrong with datasets that have no files, or another's. */
  List<DataProblem> problems() {
    return problems;
  }

  /** What a user may want to know of the files that were found. */
  List<String> notes() {
    return notes;
  }

  /** The enabled datasets with their files. What is wrong is told by {@link #problems}. */
  List<MatchedDataset> match(DatasetConfig config) throws IOException {
    List<MatchedDataset> matched = new ArrayList<>();
    for (DatasetEntry entry : config.enabled()) {
      matched.add(new MatchedDataset(entry, shards(entry)));
    }
    return matched;
  }

  private List<MatchedShard> shards(DatasetEntry entry) throws IOException {
    String pattern = Storage.resolve(repository, entry.path());
    List<MatchedShard> shards = new ArrayList<>();
    if (!Storage.isSupported(pattern)) {
      problem(pattern, entry, "is in no store that can be opened: " + Storage.cannotOpen(pattern));
      return shards;
    }
    List<FileInfo> files = Storage.match(pattern);
    for (FileInfo file : files) {
      Optional<ShardFormat> format = ShardFormat.of(file.path(), entry.format());
      if (format.isPresent()) {
        claim(file, entry);
        shards.add(new MatchedShard(file, spec(entry, format.get())));
      } else if (files.size() == 1) {
        problem(
            file.path(),
            entry,
            "has a name that does not tell its format; say \"format\": \"jsonl\", \"csv\" or \"parquet\"");
      }
    }
    if (files.isEmpty()) {
      problem(pattern, entry, "matches no file; obs_path is \"%s\"".formatted(entry.path()));
    } else if (shards.isEmpty() && files.size() > 1) {
      problem(
          pattern,
          entry,
          "matches %d files, but none whose name tells its format; say \"format\""
              .formatted(files.size()));
    }
    if (!isChoice(entry.path())) {
      MissingShards.of(shards.stream().map(shard -> shard.file().path()).toList())
          .forEach(missing -> notes.add("dataset \"%s\": %s".formatted(entry.name(), missing)));
    }
    int ignored = files.size() - shards.size();
    if (ignored > 0 && !shards.isEmpty()) {
      notes.add(
          "dataset \"%s\": %d of the %d files of %s are no data by their names and were left out"
              .formatted(entry.name(), ignored, files.size(), entry.path()));
    }
    return shards;
  }

  /**
   * Whoever names one file, or a pattern with some digits, wants no more than these; what a folder
   * gives, or a pattern of any number, should be complete.
   */
  static boolean isChoice(String path) {
    if (path.endsWith("/")) {
      return false;
    }
    String name = Storage.name(path);
    int count = name.lastIndexOf("-of-");
    String number = count < 0 ? name : name.substring(0, count);
    boolean any = name.contains("*") || name.contains("?");
    return !any || SOME_DIGITS.matcher(number).find();
  }

  private void claim(FileInfo file, DatasetEntry entry) {
    String owner = owners.putIfAbsent(Storage.absolute(file.path()), entry.name());
    if (owner != null) {
      problem(
          file.path(),
          entry,
          "belongs to dataset \"%s\" too; a shard belongs to one dataset".formatted(owner));
    }
  }

  private void problem(String path, DatasetEntry entry, String message) {
    problems.add(new DataProblem(path, -1, -1, message + " (dataset \"" + entry.name() + "\")"));
  }

  private InspectionSpec spec(DatasetEntry entry, ShardFormat format) {
    boolean levels =
        mix.difficultyProgression()
            && entry.difficultyLevel().filter(DatasetEntry.PROGRESSIVE::equals).isPresent();
    return new InspectionSpec(
        format,
        entry.csv(),
        full,
        skipBad,
        // A dataset that says its category itself need not have it in its records.
        entry.category().isPresent() ? null : orNull(mix.categoryField()),
        levels ? orNull(mix.difficultyField()) : null,
        orNull(mix.unitField()),
        orNull(mix.identityField()));
  }

  private static @Nullable String orNull(Optional<String> value) {
    return value.isPresent() ? value.get() : null;
  }
}
