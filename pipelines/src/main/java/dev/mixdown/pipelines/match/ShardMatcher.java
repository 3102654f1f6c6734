package dev.mixdown.pipelines.match;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.Filtering;
import dev.mixdown.configs.datasets.HeldOut;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordFilter;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists the files of a stage's datasets, and decides what is to be found in each. */
public final class ShardMatcher {
  private static final String SAY = "\"format\": \"jsonl\", \"csv\" or \"parquet\"";

  private final String repository;
  private final Reach reach;
  private final MixSettings mix;
  private final boolean full;
  private final boolean skipBad;
  private final Optional<DataRequirements> requirements;
  private final List<DataProblem> problems = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();
  private final Map<String, String> owners = new HashMap<>();

  /**
   * @param reach what lists the files
   * @param requirements what is to be found out of records because a recipe requires it
   */
  public ShardMatcher(
      Reach reach,
      String repository,
      MixSettings mix,
      boolean full,
      boolean skipBad,
      Optional<DataRequirements> requirements) {
    this.requirements = requirements;
    this.reach = reach;
    this.repository = repository;
    this.mix = mix;
    this.full = full;
    this.skipBad = skipBad;
  }

  /** Lists the files of the enabled datasets, and of the data that is held out. */
  public MatchedStage match(DatasetConfig config) throws IOException {
    List<MatchedDataset> datasets = new ArrayList<>();
    for (DatasetEntry entry : config.enabled()) {
      datasets.add(new MatchedDataset(entry, shards(entry)));
    }
    List<MatchedHeldOut> heldOut = new ArrayList<>();
    for (HeldOut entry : config.heldOut()) {
      heldOut.add(heldOut(entry));
    }
    return new MatchedStage(
        datasets, heldOut, mix.strict(), List.copyOf(problems), List.copyOf(notes));
  }

  private List<MatchedShard> shards(DatasetEntry entry) throws IOException {
    ShardFiles files = ShardFiles.of(reach, repository, entry.path(), entry.format(), SAY);
    for (DataProblem problem : files.problems()) {
      problem(problem.path(), entry, problem.message());
    }
    files.notes().forEach(n -> notes.add(Note.of("dataset \"%s\": %s".formatted(entry.name(), n))));
    List<MatchedShard> shards = new ArrayList<>();
    for (ShardFiles.Shard shard : files.shards()) {
      claim(shard.file(), entry);
      shards.add(new MatchedShard(entry.name(), shard.file(), spec(entry, shard.format())));
    }
    return shards;
  }

  /** Preparing does not depend on it: what is wrong with it is kept apart. */
  private MatchedHeldOut heldOut(HeldOut entry) throws IOException {
    ShardFiles files = ShardFiles.of(reach, repository, entry.path(), entry.format(), SAY);
    List<MatchedShard> shards = new ArrayList<>();
    MatchedHeldOut held = new MatchedHeldOut(entry, shards, files.problems());
    files.notes().forEach(note -> notes.add(Note.of(held.about(note))));
    for (ShardFiles.Shard shard : files.shards()) {
      String owner = owners.get(StoragePath.absolute(shard.file().path()));
      if (owner != null) {
        notes.add(
            Note.of(
                held.about(
                    "%s is also trained on, in dataset \"%s\""
                        .formatted(shard.file().path(), owner))));
      }
      shards.add(
          new MatchedShard(
              entry.name(),
              shard.file(),
              InspectionSpec.of(shard.format(), entry.csv(), full, skipBad)));
    }
    return held;
  }

  private void claim(FileInfo file, DatasetEntry entry) {
    String owner = owners.putIfAbsent(StoragePath.absolute(file.path()), entry.name());
    if (owner != null) {
      problem(
          file.path(),
          entry,
          "belongs to dataset \"%s\" too; a shard belongs to one dataset".formatted(owner));
    }
  }

  private void problem(String path, DatasetEntry entry, String message) {
    String asked =
        message.startsWith("matches no file") ? "; obs_path is \"%s\"".formatted(entry.path()) : "";
    problems.add(DataProblem.of(path, message + asked + " (dataset \"" + entry.name() + "\")"));
  }

  private InspectionSpec spec(DatasetEntry entry, ShardFormat format) {
    boolean levels =
        mix.difficultyProgression()
            && entry.difficultyLevel().filter(DatasetEntry.PROGRESSIVE::equals).isPresent();
    InspectionSpec spec =
        new InspectionSpec(
            format,
            entry.csv(),
            full,
            skipBad,
            // A dataset that says its category itself need not have it in its records.
            entry.category().isPresent() ? null : orNull(mix.categoryField()),
            levels ? orNull(mix.difficultyField()) : null,
            orNull(mix.unitField()),
            orNull(mix.identityField()),
            filter(mix.filtering()));
    return requirements.isPresent() ? spec.requiring(requirements.get()) : spec;
  }

  private static RecordFilter filter(Filtering filtering) {
    boolean quality = filtering.appliedQualityField().isPresent();
    boolean duration = filtering.appliedDurationField().isPresent();
    return quality || duration
        ? new RecordFilter(
            orNull(filtering.appliedQualityField()),
            quality ? orNull(filtering.qualityThreshold()) : null,
            orNull(filtering.appliedDurationField()),
            duration ? orNull(filtering.minDuration()) : null,
            duration ? orNull(filtering.maxDuration()) : null)
        : RecordFilter.NONE;
  }

  private static <T> @Nullable T orNull(Optional<T> value) {
    return value.isPresent() ? value.get() : null;
  }
}
