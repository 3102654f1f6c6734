package dev.mixdown.configs.datasets;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a stage's shares are made: the words of {@code sampling_strategy}. */
public enum Strategy {
  /** Categories by ratio, datasets by weight; the scarcest stratum sizes the stage. */
  BALANCED,
  /** As balanced, but sized by the datasets of the highest priority. */
  TARGETED,
  /** Categories by ratio, and inside a category by records; sized like balanced. */
  STRATIFIED,
  /** By capacity. */
  PROPORTIONAL,
  /** Equal. */
  UNIFORM,
  /** By capacity to the power of one over the temperature. */
  TEMPERATURE,
  /** Equal, but none beyond its capacity. */
  UNIMAX,
  /** Every dataset gives its capacity, one dataset after the other. */
  SEQUENTIAL;

  /** Whether {@code stage_weight} makes shares. */
  public boolean usesWeights() {
    return this == BALANCED || this == TARGETED;
  }

  /** Whether {@code data_ratio} makes shares. */
  public boolean usesRatios() {
    return usesWeights() || this == STRATIFIED;
  }

  /** The word that configs use. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The constant of a word that is one of {@link #words}. */
  public static Strategy of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** All words, in order. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Strategy::word).toList();
  }
}
