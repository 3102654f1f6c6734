package dev.mixdown.configs.datasets;

import dev.mixdown.configs.syntax.Node;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * One dataset of a {@code dataset_index}.
 *
 * @param node where it stands, for messages
 * @param name unique in its config
 * @param path {@code obs_path}: a file, a glob, or a folder
 * @param bundleVersions what bundles its data belongs to
 * @param duplicate how often each record may be given; fractions are parts of a pass
 * @param weight {@code stage_weight}
 * @param priority {@code sampling_priority}
 * @param enabled whether it takes part; false is as if the dataset were absent
 * @param leftOut why it does not take part although nobody has disabled it; empty where it does
 * @param difficultyLevel a level, or {@code progressive}
 * @param category its category, where the name does not tell it
 * @param scenarioType {@code metadata.scenario_type}
 * @param estimatedClips {@code metadata.estimated_clips}: how many records its producer expected
 * @param tasks {@code task_tags}; a dataset without them belongs to all tasks
 * @param format {@code jsonl}, {@code csv} or {@code parquet}, where the extension does not tell it
 * @param csv how its CSV is written
 */
public record DatasetEntry(
    Node node,
    String name,
    String path,
    List<String> bundleVersions,
    BigDecimal duplicate,
    Optional<BigDecimal> weight,
    Priority priority,
    boolean enabled,
    Optional<String> leftOut,
    Optional<String> difficultyLevel,
    Optional<String> category,
    Optional<String> scenarioType,
    Optional<Long> estimatedClips,
    List<String> tasks,
    Optional<String> format,
    CsvOptions csv) {

  /** The {@code difficulty_level} of a dataset whose records say their level themselves. */
  public static final String PROGRESSIVE = "progressive";

  /** The same with another weight. */
  public DatasetEntry weighing(BigDecimal other) {
    return new DatasetEntry(
        node,
        name,
        path,
        bundleVersions,
        duplicate,
        Optional.of(other),
        priority,
        enabled,
        leftOut,
        difficultyLevel,
        category,
        scenarioType,
        estimatedClips,
        tasks,
        format,
        csv);
  }

  /** The one level of all its records; empty where it has none, or records have their own. */
  public Optional<String> fixedLevel() {
    return difficultyLevel.filter(level -> !level.equals(PROGRESSIVE));
  }

  /**
   * How a CSV file is written.
   *
   * @param delimiter between fields
   * @param quote around fields that have delimiters, quotes or line ends in them
   * @param header whether the first row has the fields' names
   */
  public record CsvOptions(char delimiter, char quote, boolean header) implements Serializable {
    /** RFC 4180 with a header. */
    public static final CsvOptions DEFAULT = new CsvOptions(',', '"', true);
  }
}
