package dev.mixdown.configs.datasets;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.syntax.Node;
import java.util.Optional;

/**
 * Data that a stage must not train on: an entry of {@code validation_dataset} or {@code
 * benchmark_datasets}.
 *
 * @param node where it stands, for messages
 * @param kind which of the two
 * @param name of the dataset
 * @param path {@code obs_path}: a file, a glob, or a folder
 * @param format {@code jsonl}, {@code csv} or {@code parquet}, where the extension does not tell it
 * @param csv how its CSV is written
 */
public record HeldOut(
    Node node, Kind kind, String name, String path, Optional<String> format, CsvOptions csv) {

  /** What it is held out for. */
  public enum Kind {
    VALIDATION("validation_dataset"),
    BENCHMARK("benchmark_datasets");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    /** The key of the config. */
    public String key() {
      return key;
    }

    /** What people call it. */
    public String word() {
      return this == VALIDATION ? "validation dataset" : "benchmark dataset";
    }
  }
}
