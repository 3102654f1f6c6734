package dev.mixdown.transforms.mixing;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Shortfall;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of a config that makes a mix possible. It is only named after the planner has tried it.
 *
 * @param duplicates how often each record may be given, by dataset
 * @param cap {@code max_clips_per_dataset}
 * @param shortfall {@code shortfall}
 * @param total {@code total_clips}
 */
public record Remedy(
    Map<String, BigDecimal> duplicates,
    Optional<Long> cap,
    Optional<Shortfall> shortfall,
    Optional<Long> total) {

  static Remedy of(Map<String, BigDecimal> duplicates, Optional<Long> cap) {
    return new Remedy(duplicates, cap, Optional.empty(), Optional.empty());
  }

  static Remedy of(Shortfall shortfall) {
    return new Remedy(Map.of(), Optional.empty(), Optional.of(shortfall), Optional.empty());
  }

  static Remedy of(long total) {
    return new Remedy(Map.of(), Optional.empty(), Optional.empty(), Optional.of(total));
  }

  /** The settings after the change. */
  public MixSettings applyTo(MixSettings settings) {
    return settings.with(
        cap.or(settings::maxClipsPerDataset),
        total.or(settings::totalClips),
        shortfall.orElse(settings.shortfall()));
  }

  /** The supplies after the change. */
  public List<Supply> applyTo(List<Supply> supplies) {
    return supplies.stream()
        .map(s -> s.with(duplicates.getOrDefault(s.dataset(), s.duplicate())))
        .toList();
  }

  /** What is to be done, as people write it: {@code duplicate of "a" to 3.75}. */
  public String text() {
    List<String> changes = new ArrayList<>();
    duplicates.forEach(
        (dataset, duplicate) ->
            changes.add("duplicate of \"%s\" to %s".formatted(dataset, duplicate.toPlainString())));
    cap.ifPresent(c -> changes.add("max_clips_per_dataset to " + c));
    shortfall.ifPresent(s -> changes.add("shortfall to " + s.word()));
    total.ifPresent(t -> changes.add("total_clips to " + t));
    return String.join(" and ", changes);
  }
}
