package dev.mixdown.configs.datasets;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Tells which category a dataset belongs to. */
public final class Categories {
  /** The category of whatever {@code data_ratio} does not name. */
  public static final String OTHERS = "others";

  private Categories() {}

  /**
   * A dataset's category: its {@code category}; else the longest key of {@code data_ratio} that
   * occurs in its name as whole words between underscores; else its {@code metadata.scenario_type},
   * where that is a key of {@code data_ratio}; else {@link #OTHERS}.
   */
  public static String of(DatasetEntry dataset, MixSettings mix) {
    return of(dataset, mix.dataRatio().keySet());
  }

  /** A dataset's category, if {@code data_ratio} names these. */
  public static String of(DatasetEntry dataset, Set<String> categories) {
    return dataset
        .category()
        .or(() -> inName(dataset, categories))
        .or(() -> dataset.scenarioType().filter(categories::contains))
        .orElse(OTHERS);
  }

  /** The longest of some categories that occurs in a dataset's name as whole words. */
  public static Optional<String> inName(DatasetEntry dataset, Set<String> categories) {
    String words = "_" + dataset.name() + "_";
    return categories.stream()
        .filter(key -> words.contains("_" + key + "_"))
        .max(Comparator.comparingInt(String::length).thenComparing(Comparator.reverseOrder()));
  }
}
