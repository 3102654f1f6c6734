package dev.mixdown.configs.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.Categories;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.Filtering;
import dev.mixdown.configs.datasets.HeldOut;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   * The settings of a config: first the stage's, then each dataset's, with its name before them;
   * last what mixdown does not use.
   */
  public static List<Setting> of(Resolution resolution) {
    DatasetConfig config = resolution.config();
    List<Setting> settings = stage(config);
    for (DatasetEntry entry : config.datasets()) {
      dataset(entry, config.mix())
          .forEach(
              s -> settings.add(new Setting(entry.name() + ": " + s.name(), s.value(), s.from())));
    }
    for (HeldOut heldOut : config.heldOut()) {
      settings.add(
          new Setting(
              heldOut.name() + ": held out",
              heldOut.path(),
              heldOut.kind().key() + " at " + heldOut.node().place()));
    }
    settings.addAll(overlay(resolution));
    settings.addAll(notUsed(resolution));
    return settings;
  }

  /** The document that {@code explain --json} prints. */
  public static ObjectNode json(Resolution resolution) {
    ObjectNode document = Json.object();
    document.put("stage", resolution.stage());
    document.put("stage_rule", resolution.stageRule());
    document.put("variant", resolution.variant().orElse(null));
    document.put("variant_rule", resolution.variantRule());
    document.put("config", resolution.config().file());
    document.put("config_rule", resolution.configRule());
    ArrayNode list = document.putArray("settings");
    of(resolution)
        .forEach(
            s ->
                list.addObject()
                    .put("name", s.name())
                    .put("from", s.from())
                    .set("value", json(s.value())));
    document.set("tasks", Json.tree(resolution.config().tasks()));
    document.set("carried", resolution.carried().document());
    return document;
  }

  /** Numbers are numbers, and objects are objects; everything else is said in words. */
  private static JsonNode json(String text) {
    try {
      return Json.value(text);
    } catch (IOException e) {
      return Json.tree(text);
    }
  }

  private static List<Setting> overlay(Resolution resolution) {
    return resolution.catalog().flatMap(StageCatalog::overlay).stream()
        .flatMap(
            overlay ->
                overlay.changes().stream()
                    .map(
                        change ->
                            new Setting(
                                change.path(),
                                "%s -> %s"
                                    .formatted(
                                        change.from().map(Explanation::shown).orElse("none"),
                                        shown(change.to())),
                                "environment %s at %s"
                                    .formatted(overlay.name(), change.to().place()))))
        .toList();
  }

  /** What the repository says of a stage that mixdown only carries. */
  public static List<Setting> notUsed(Resolution resolution) {
    Map<String, String> filters = new HashMap<>();
    resolution
        .config()
        .mix()
        .filtering()
        .notApplied()
        .forEach(rule -> filters.put(rule.key(), rule.why()));
    return resolution.carried().values().stream()
        .filter(value -> !value.used())
        .map(
            value -> {
              String last = value.path().get(value.path().size() - 1);
              boolean filter = value.path().contains("filtering") && filters.containsKey(last);
              return new Setting(
                  value.name(),
                  shown(value.node()),
                  "%s (%s)"
                      .formatted(
                          value.node().place(),
                          filter ? filters.get(last) : "not used by mixdown"));
            })
        .toList();
  }

  private static String shown(Node node) {
    return node instanceof Node.Mapping || node instanceof Node.Sequence
        ? Json.spaced(node.plain())
        : String.valueOf(node.plain());
  }

  /** The settings of a stage as a whole. */
  public static List<Setting> stage(DatasetConfig config) {
    List<Setting> settings = new ArrayList<>();
    MixSettings mix = config.mix();
    Map<String, Node> from = config.sources();
    add(settings, from, "data_ratio", ratios(mix), "none");
    add(
        settings,
        from,
        "sampling_strategy",
        mix.strategy().map(Strategy::word),
        "none: by weight or ratio where there are any, else all there is");
    add(settings, from, "max_clips_per_dataset", mix.maxClipsPerDataset(), "no cap");
    add(settings, from, "min_clips_per_dataset", mix.minClipsPerDataset(), "none");
    add(settings, from, "shuffle", Optional.of(mix.shuffle()), "");
    add(
        settings,
        from,
        "augmentation",
        Optional.of(mix.augmentation()).filter(a -> !a.isEmpty()).map(Json::spaced),
        "none");
    add(settings, from, "difficulty_progression", Optional.of(mix.difficultyProgression()), "");
    add(settings, from, "seed", Optional.of(mix.seed()), "");
    add(settings, from, "total_clips", mix.totalClips(), "as large as the strategy allows");
    add(settings, from, "shortfall", Optional.of(mix.shortfall().word()), "");
    add(settings, from, "temperature", Optional.of(mix.temperature()), "");
    add(settings, from, "category_field", mix.categoryField(), "none");
    add(settings, from, "difficulty_field", mix.difficultyField(), "none");
    add(settings, from, "difficulty_levels", Optional.of(mix.difficultyLevels()), "");
    add(settings, from, "weight_unit", Optional.of(mix.weightUnit()), "");
    add(settings, from, "identity_field", mix.identityField(), "the record's bytes");
    add(settings, from, "shuffle_block", Optional.of(mix.shuffleBlock()), "");
    add(settings, from, "rows_per_part", Optional.of(mix.rowsPerPart()), "");
    add(settings, from, "batch_size", mix.batchSize(), "not known");
    filters(settings, from, mix.filtering());
    add(settings, from, "strict", Optional.of(mix.strict()), "");
    return settings;
  }

  private static void filters(List<Setting> settings, Map<String, Node> from, Filtering filtering) {
    if (filtering.appliedQualityField().isPresent()) {
      add(settings, from, "filtering.quality_field", filtering.qualityField(), "");
      add(settings, from, "filtering.quality_threshold", filtering.qualityThreshold(), "none");
    }
    if (filtering.appliedDurationField().isPresent()) {
      add(settings, from, "filtering.duration_field", filtering.durationField(), "");
      add(settings, from, "filtering.min_duration", filtering.minDuration(), "none");
      add(settings, from, "filtering.max_duration", filtering.maxDuration(), "none");
    }
  }

  /** The settings of a dataset. */
  public static List<Setting> dataset(DatasetEntry entry, MixSettings mix) {
    Map<String, Node> node =
        entry.node() instanceof Node.Mapping mapping ? mapping.values() : Map.of();
    List<Setting> own = new ArrayList<>();
    entry
        .leftOut()
        .ifPresentOrElse(
            why -> own.add(new Setting("left out", why, entry.node().place().toString())),
            () -> add(own, node, "enabled", Optional.of(entry.enabled()), ""));
    if (entry.enabled()) {
      add(own, node, "obs_path", Optional.of(entry.path()), "");
      add(own, node, "duplicate", Optional.of(entry.duplicate().toPlainString()), "");
      add(own, node, "stage_weight", entry.weight().map(w -> w.toPlainString()), "none");
      add(own, node, "sampling_priority", Optional.of(entry.priority().word()), "");
      add(own, node, "difficulty_level", entry.difficultyLevel(), "none");
      own.add(new Setting("category", Categories.of(entry, mix), categoryFrom(entry, mix)));
      if (entry.estimatedClips().isPresent()) {
        add(
            own,
            Map.of("estimated_clips", entry.node().find("metadata").orElse(entry.node())),
            "estimated_clips",
            entry.estimatedClips(),
            "");
      }
    }
    return own;
  }

  private static String categoryFrom(DatasetEntry entry, MixSettings mix) {
    Optional<Node> own = entry.node().find("category");
    if (own.isPresent()) {
      return own.get().place().toString();
    }
    boolean byName = Categories.inName(entry, mix.dataRatio().keySet()).isPresent();
    return byName
        ? "a category of data_ratio that is in the name"
        : entry
            .node()
            .find("metadata", "scenario_type")
            .filter(n -> !Categories.of(entry, mix).equals(Categories.OTHERS))
            .map(n -> "scenario_type at " + n.place())
            .orElse("no category of data_ratio is in the name");
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
      Map<String, Node> from,
      String key,
      Optional<?> value,
      String whenAbsent) {
    settings.add(
        new Setting(
            key,
            value.map(String::valueOf).orElse(whenAbsent),
            Optional.ofNullable(from.get(key))
                .filter(n -> !(n instanceof Node.Null))
                .map(n -> n.place().toString())
                .orElse("default")));
  }
}
