package dev.mixdown.configs.datasets;

import dev.mixdown.configs.online.OnlineRules;
import dev.mixdown.configs.samples.SampleRules;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stage asks for: {@code meta.stage_config}, with its defaults filled in.
 *
 * @param dataRatio ratio by category, as written; empty when absent
 * @param strategy how shares are made; empty when absent
 * @param maxClipsPerDataset the most samples a dataset may give
 * @param minClipsPerDataset how many samples each dataset should give at least
 * @param shuffle whether records are chosen and ordered by content rather than by file order
 * @param augmentation carried through to the manifest as it is; empty when absent
 * @param augment whether {@code augmentation.enabled} is true
 * @param difficultyProgression whether easy levels come before hard ones
 * @param seed feeds every pseudo-random choice
 * @param totalClips exactly how many samples are asked for
 * @param shortfall what to do when that cannot be met
 * @param temperature above 0
 * @param categoryField the record field that holds the category
 * @param difficultyField the record field that holds the difficulty level
 * @param difficultyLevels easy to hard
 * @param levelsGiven whether the config names them
 * @param weightUnit {@code records}, {@code bytes}, or the name of a numeric field
 * @param identityField the record field that identity is taken from
 * @param shuffleBlock positions per block
 * @param rowsPerPart a multiple of it
 * @param batchSize the trainer's batch
 * @param filtering which records are left out
 * @param samples what is done with samples that other manifests gave
 * @param online how its data is taken as it arrives; empty for a stage that does not say
 * @param evaluation whether the stage is for evaluation: its data must not be trained on
 * @param strict whether what is otherwise left out with a warning is an error
 */
public record MixSettings(
    Map<String, BigDecimal> dataRatio,
    Optional<Strategy> strategy,
    Optional<Long> maxClipsPerDataset,
    Optional<Long> minClipsPerDataset,
    boolean shuffle,
    Map<String, @Nullable Object> augmentation,
    boolean augment,
    boolean difficultyProgression,
    long seed,
    Optional<Long> totalClips,
    Shortfall shortfall,
    BigDecimal temperature,
    Optional<String> categoryField,
    Optional<String> difficultyField,
    List<String> difficultyLevels,
    boolean levelsGiven,
    String weightUnit,
    Optional<String> identityField,
    int shuffleBlock,
    int rowsPerPart,
    Optional<Long> batchSize,
    Filtering filtering,
    SampleRules samples,
    Optional<OnlineRules> online,
    boolean evaluation,
    boolean strict) {

  /** The {@code weight_unit} in which every record counts one. */
  public static final String RECORDS = "records";

  /** The {@code weight_unit} in which a record counts its bytes. */
  public static final String BYTES = "bytes";

  /** The default of {@code difficulty_levels}. */
  public static final List<String> LEVELS = List.of("basic", "intermediate", "advanced", "expert");

  /** The other usual names, for configs that use them and name no order. */
  public static final List<String> OTHER_LEVELS = List.of("easy", "medium", "hard", "expert");

  /** The default of {@code shuffle_block}. */
  public static final int SHUFFLE_BLOCK = 1024;

  /** The default of {@code rows_per_part}, for blocks that divide it. */
  public static final int ROWS_PER_PART = 1_048_576;

  /** The record field that weights are counted in, when {@code weight_unit} names one. */
  public Optional<String> unitField() {
    return weightUnit.equals(RECORDS) || weightUnit.equals(BYTES)
        ? Optional.empty()
        : Optional.of(weightUnit);
  }

  /**
   * The same, with the order of levels that contains those that are used, where the config names
   * none.
   *
   * @param used levels of datasets and records
   */
  public MixSettings withLevelsFor(Collection<String> used) {
    boolean others = !LEVELS.containsAll(used) && OTHER_LEVELS.containsAll(used);
    return levelsGiven || !others
        ? this
        : with(maxClipsPerDataset, totalClips, shortfall, OTHER_LEVELS);
  }

  /** The same with another cap, another total, and another way to give way. */
  public MixSettings with(Optional<Long> cap, Optional<Long> total, Shortfall way) {
    return with(cap, total, way, difficultyLevels);
  }

  /** The same with other rules for samples. */
  public MixSettings with(SampleRules rules) {
    return copy(dataRatio, maxClipsPerDataset, totalClips, shortfall, difficultyLevels, rules);
  }

  /** The same with another ratio of each category. */
  public MixSettings withRatio(Map<String, BigDecimal> ratio) {
    return copy(ratio, maxClipsPerDataset, totalClips, shortfall, difficultyLevels, samples);
  }

  private MixSettings with(
      Optional<Long> cap, Optional<Long> total, Shortfall way, List<String> levels) {
    return copy(dataRatio, cap, total, way, levels, samples);
  }

  private MixSettings copy(
      Map<String, BigDecimal> ratio,
      Optional<Long> cap,
      Optional<Long> total,
      Shortfall way,
      List<String> levels,
      SampleRules rules) {
    return new MixSettings(
        ratio,
        strategy,
        cap,
        minClipsPerDataset,
        shuffle,
        augmentation,
        augment,
        difficultyProgression,
        seed,
        total,
        way,
        temperature,
        categoryField,
        difficultyField,
        levels,
        levelsGiven,
        weightUnit,
        identityField,
        shuffleBlock,
        rowsPerPart,
        batchSize,
        filtering,
        rules,
        online,
        evaluation,
        strict);
  }
}
