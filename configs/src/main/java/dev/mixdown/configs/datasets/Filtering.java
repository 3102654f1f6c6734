package dev.mixdown.configs.datasets;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which records a stage leaves out by what they say of themselves: {@code filtering}. A rule is
 * applied where the config names the field that it looks at; else it is only carried.
 *
 * @param qualityField the record field with its quality
 * @param qualityThreshold the lowest quality that is taken
 * @param durationField the record field with its duration
 * @param minDuration the shortest duration that is taken
 * @param maxDuration the longest duration that is taken
 * @param removeDuplicates whether of several records with the same identity one is kept
 */
public record Filtering(
    Optional<String> qualityField,
    Optional<BigDecimal> qualityThreshold,
    Optional<String> durationField,
    Optional<BigDecimal> minDuration,
    Optional<BigDecimal> maxDuration,
    boolean removeDuplicates) {

  /** Takes every record. */
  public static final Filtering NONE =
      new Filtering(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);

  /** The field whose values decide on quality; empty where the rule is not applied. */
  public Optional<String> appliedQualityField() {
    return qualityThreshold.isPresent() ? qualityField : Optional.empty();
  }

  /** The field whose values decide on duration; empty where the rule is not applied. */
  public Optional<String> appliedDurationField() {
    return minDuration.isPresent() || maxDuration.isPresent() ? durationField : Optional.empty();
  }

  /** Whether any record may be left out. */
  public boolean isApplied() {
    return appliedQualityField().isPresent() || appliedDurationField().isPresent();
  }

  /** The rules that are only carried, each with what would apply it. */
  public List<NotApplied> notApplied() {
    List<NotApplied> rules = new ArrayList<>();
    qualityThreshold
        .filter(t -> qualityField.isEmpty())
        .ifPresent(
            t -> rules.add(new NotApplied("quality_threshold", "not applied: name quality_field")));
    minDuration
        .filter(t -> durationField.isEmpty())
        .ifPresent(
            t -> rules.add(new NotApplied("min_duration", "not applied: name duration_field")));
    maxDuration
        .filter(t -> durationField.isEmpty())
        .ifPresent(
            t -> rules.add(new NotApplied("max_duration", "not applied: name duration_field")));
    return rules;
  }

  /**
   * A rule that is only carried.
   *
   * @param key of {@code filtering}
   * @param why for people
   */
  public record NotApplied(String key, String why) {}
}
