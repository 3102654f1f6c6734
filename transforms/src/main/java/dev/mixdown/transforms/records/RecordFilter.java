package dev.mixdown.transforms.records;

import dev.mixdown.registry.manifests.ManifestSpec;
import java.io.Serializable;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Which records are left out by what they say of themselves, although nothing is wrong with them.
 *
 * @param qualityField the field with a record's quality; null for no such rule
 * @param qualityThreshold the lowest quality that is taken; null for any
 * @param durationField the field with its duration; null for no such rule
 * @param minDuration the shortest that is taken; null for any
 * @param maxDuration the longest that is taken; null for any
 */
public record RecordFilter(
    @Nullable String qualityField,
    @Nullable BigDecimal qualityThreshold,
    @Nullable String durationField,
    @Nullable BigDecimal minDuration,
    @Nullable BigDecimal maxDuration)
    implements Serializable {

  /** Takes every record. */
  public static final RecordFilter NONE = new RecordFilter(null, null, null, null, null);

  /** The reasons for which a record is left out, by the keys of the config. */
  static final String[] REASONS = {"quality_threshold", "min_duration", "max_duration"};

  /** The rules that a manifest applied. */
  public static RecordFilter of(ManifestSpec.@Nullable Filtering applied) {
    return applied == null
        ? NONE
        : new RecordFilter(
            applied.qualityField(),
            applied.qualityThreshold(),
            applied.durationField(),
            applied.minDuration(),
            applied.maxDuration());
  }

  /** The same text for equal filters, however their numbers are written. */
  String digestText() {
    return String.join(
        "\u0000",
        String.valueOf(qualityField),
        text(qualityThreshold),
        String.valueOf(durationField),
        text(minDuration),
        text(maxDuration));
  }

  private static String text(@Nullable BigDecimal number) {
    return number == null ? "null" : number.stripTrailingZeros().toString();
  }
}
