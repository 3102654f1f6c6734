package dev.mixdown.configs;

import java.math.BigDecimal;
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
 * @param weightUnit {@code records}, {@code bytes}, or the name of a numeric field
 * @param identityField the record field that identity is taken from
 * @param shuffleBlock positions per block
 * @param rowsPerPart a multiple of it
 * @param strict whether what is otherwise left out with a warning is an error
 */
public record MixSettings(
    Map<String, BigDecimal> dataRatio,
    Optional<Strategy> strategy,
    Optional<Long> maxClipsPerDataset,
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
    String weightUnit,
    Optional<String> identityField,
    int shuffleBlock,
    int rowsPerPart,
    boolean strict) {

  /** The {@code weight_unit} in which every record counts one. */
  public static final String RECORDS = "records";

  /** The {@code weight_unit} in which a record counts its bytes. */
  public static final String BYTES = "bytes";

  /** The default of {@code difficulty_levels}. */
  public static final List<String> LEVELS = List.of("basic", "intermediate", "advanced", "expert");

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
}
