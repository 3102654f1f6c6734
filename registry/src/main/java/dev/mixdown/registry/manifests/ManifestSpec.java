package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.datasets.MixSettings;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stage asks for, with all defaults filled in. A digest is taken of it: keys, their order
 * and the form of numbers stay as they are, and a key that is added is absent at its default.
 *
 * @param filtering the rules that are applied; absent without any
 * @param samples what is done with samples that other manifests gave; absent for nothing
 */
public record ManifestSpec(
    Map<String, BigDecimal> dataRatio,
    @Nullable String samplingStrategy,
    @Nullable Long maxClipsPerDataset,
    boolean shuffle,
    @Nullable JsonNode augmentation,
    boolean difficultyProgression,
    long seed,
    @Nullable Long totalClips,
    @Nullable String shortfall,
    @Nullable BigDecimal temperature,
    @Nullable String categoryField,
    @Nullable String difficultyField,
    List<String> difficultyLevels,
    @Nullable String weightUnit,
    @Nullable String identityField,
    int shuffleBlock,
    int rowsPerPart,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Filtering filtering,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode samples,
    List<Dataset> datasets) {
  /**
   * Which records are left out by what they say of themselves: only what is applied is there.
   *
   * @param minDuration in the unit of the field
   * @param maxDuration in the unit of the field
   * @param removeDuplicates whether of records with the same identity one stays
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Filtering(
      @Nullable String qualityField,
      @Nullable BigDecimal qualityThreshold,
      @Nullable String durationField,
      @Nullable BigDecimal minDuration,
      @Nullable BigDecimal maxDuration,
      @Nullable Boolean removeDuplicates)
      implements Serializable {}

  /**
   * An enabled entry of the index.
   *
   * @param csv how its CSV is written; absent where that is usual
   */
  public record Dataset(
      String name,
      BigDecimal duplicate,
      @Nullable BigDecimal stageWeight,
      @Nullable String samplingPriority,
      @Nullable String difficultyLevel,
      @Nullable String category,
      @Nullable String format,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Csv csv) {}

  /** How CSV is written. */
  public record Csv(String delimiter, String quote, boolean header) {}

  public ManifestSpec {
    dataRatio = dataRatio == null ? Map.of() : dataRatio;
    difficultyLevels = difficultyLevels == null ? List.of() : difficultyLevels;
    datasets = datasets == null ? List.of() : List.copyOf(datasets);
  }

  /**
   * @throws IOException when the JSON is not a spec
   */
  static ManifestSpec of(JsonNode json) throws IOException {
    return DocumentJson.convert(json, ManifestSpec.class);
  }

  /** The document. */
  public ObjectNode json() {
    return DocumentJson.tree(this);
  }

  /** The record field that weights are counted in; null where records or bytes are. */
  public @Nullable String unitField() {
    return MixSettings.RECORDS.equals(weightUnit) || MixSettings.BYTES.equals(weightUnit)
        ? null
        : weightUnit;
  }

  /** How the CSV of a dataset is written. */
  public CsvOptions csv(String dataset) {
    return dataset(dataset)
        .map(Dataset::csv)
        .map(csv -> new CsvOptions(csv.delimiter().charAt(0), csv.quote().charAt(0), csv.header()))
        .orElse(CsvOptions.DEFAULT);
  }

  /** The entry of a dataset. */
  public Optional<Dataset> dataset(String name) {
    return datasets.stream().filter(dataset -> dataset.name().equals(name)).findFirst();
  }
}
