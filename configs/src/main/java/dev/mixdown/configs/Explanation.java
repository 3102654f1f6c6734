package dev.mixdown.configs;

import dev.mixdown.configs.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells, for each value of a dataset config that counts, what it is and where it stands. */
public final class Explanation {
  private Explanation() {}

  /**
   * One value.
   *
   * @param from a file and line, or what decided it instead
   */
  public record Setting(String name, String value, String from) {}

  /**
   * The settings of a config: first the stage's, then each dataset's, with its name before them.
   */
  public static List<Setting> of(DatasetConfig config) {
    List<Setting> settings = stage(config);
    for (DatasetEntry entry : config.datasets()) {
      dataset(entry, config.mix())
          .forEach(
              s -> settings.add(new Setting(entry.name() + ": " + s.name(), s.value(), s.from())));
    }
    return settings;
  }

  /** The settings of a stage as a whole. */
  public static List<Setting> stage(DatasetConfig config) {
    List<Setting> settings = new ArrayList<>();
    MixSettings mix = config.mix();
    Optional<Node> stage = config.root().find("meta", "stage_config");
    add(settings, stage, "data_ratio", ratios(mix), "none");
    add(
        settings,
        stage,
        "sampling_strategy",
        mix.strategy().map(Strategy::word),
        "none: by weight or ratio where there are any, else all there is");
    add(settings, stage, "max_clips_per_dataset", mix.maxClipsPerDataset(), "no cap");
    add(settings, stage, "shuffle", Optional.of(mix.shuffle()), "");
    add(settings, stage, "augmentation", Optional.of(mix.augmentation()), "");
    add(settings, stage, "difficulty_progression", Optional.of(mix.difficultyProgression()), "");
    add(settings, stage, "seed", Optional.of(mix.seed()), "");
    add(settings, stage, "total_clips", mix.totalClips(), "as large as the strategy allows");
    add(settings, stage, "shortfall", Optional.of(mix.shortfall().word()), "");
    add(settings, stage, "temperature", Optional.of(mix.temperature()), "");
    add(settings, stage, "category_field", mix.categoryField(), "none");
    add(settings, stage, "difficulty_field", mix.difficultyField(), "none");
    add(settings, stage, "difficulty_levels", Optional.of(mix.difficultyLevels()), "");
    add(settings, stage, "weight_unit", Optional.of(mix.weightUnit()), "");
    add(settings, stage, "identity_field", mix.identityField(), "the record's bytes");
    add(settings, stage, "shuffle_block", Optional.of(mix.shuffleBlock()), "");
    add(settings, stage, "rows_per_part", Optional.of(mix.rowsPerPart()), "");
    add(settings, stage, "strict", Optional.of(mix.strict()), "");
    return settings;
  }

  /** The settings of a dataset. */
  public static List<Setting> dataset(DatasetEntry entry, MixSettings mix) {
    Optional<Node> node = Optional.of(entry.node());
    List<Setting> own = new ArrayList<>();
    add(own, node, "enabled", Optional.of(entry.enabled()), "");
    if (entry.enabled()) {
      add(own, node, "obs_path", Optional.of(entry.path()), "");
      add(own, node, "duplicate", Optional.of(entry.duplicate().toPlainString()), "");
      add(own, node, "stage_weight", entry.weight().map(w -> w.toPlainString()), "none");
      add(own, node, "sampling_priority", Optional.of(entry.priority().word()), "");
      add(own, node, "difficulty_level", entry.difficultyLevel(), "none");
      String category = Categories.of(entry, mix);
      own.add(
          new Setting(
              "category",
              category,
              entry
                  .node()
                  .find("category")
                  .map(n -> n.place().toString())
                  .orElse(
                      category.equals(Categories.OTHERS)
                          ? "no category of data_ratio is in the name"
                          : "a category of data_ratio that is in the name")));
    }
    return own;
  }

  private static Optional<String> ratios(MixSettings mix) {
    return mix.dataRatio().isEmpty()
        ? Optional.empty()
        : Optional.of(
            mix.dataRatio().entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue().toPlainString())
                .collect(Collectors.joining(", ")));
  }

  private static void add(
      List<Setting> settings,
      Optional<Node> parent,
      String key,
      Optional<?> value,
      String whenAbsent) {
    settings.add(
        new Setting(
            key,
            value.map(String::valueOf).orElse(whenAbsent),
            parent.flatMap(p -> p.find(key)).map(n -> n.place().toString()).orElse("default")));
  }
}
