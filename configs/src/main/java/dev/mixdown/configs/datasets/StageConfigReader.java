package dev.mixdown.configs.datasets;

import dev.mixdown.configs.online.OnlineRulesReader;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.samples.SampleRulesReader;
import dev.mixdown.configs.syntax.CarriedReader;
import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code meta.stage_config}: what a stage asks for. Its keys may stand in it, or in the
 * objects {@code data_strategy} and {@code data_processing} inside it.
 */
final class StageConfigReader {
  private static final long MOST_SAMPLES = 1L << 40;
  private static final BigDecimal LEAST_TEMPERATURE = new BigDecimal("0.001");
  private static final BigDecimal MOST_TEMPERATURE = new BigDecimal("1000");

  private final Problems problems;
  private final CarriedReader carried;
  private final Map<String, Node> sources = new LinkedHashMap<>();

  StageConfigReader(Problems problems, CarriedReader carried) {
    this.problems = problems;
    this.carried = carried;
  }

  /** Where each setting that the config has stands. */
  Map<String, Node> sources() {
    return sources;
  }

  MixSettings read(Fields stage) {
    boolean evaluation = evaluation(stage);
    Optional<Fields> strategy = stage.object("data_strategy");
    Optional<Fields> processing = stage.object("data_processing");
    Optional<Long> batchSize = batchSize(stage);
    Optional<Fields> curriculum = stage.object("curriculum_learning");
    Fields fields = together(stage, strategy, processing);
    Optional<List<String>> levels = levels(fields, curriculum);
    MixSettings mix = settings(fields, levels, batchSize, evaluation);
    carried.keys(fields, "balanced_sampling", "normalization");
    carried.notes(fields);
    fields.refuseOthers();
    checkMix(fields, mix);
    return mix;
  }

  /** Whether the stage is for evaluation: by its {@code training_mode}, or its key. */
  private boolean evaluation(Fields stage) {
    Optional<String> mode = stage.mapping().find("training_mode").flatMap(Node::textValue);
    carried.keys(stage, "training_mode", "evaluation_config");
    return mode.equals(Optional.of("evaluation"));
  }

  /** The keys of several levels as if they stood in one. */
  private Fields together(Fields stage, Optional<Fields> strategy, Optional<Fields> processing) {
    Map<String, Node> values = new LinkedHashMap<>();
    Map<String, Place> keys = new LinkedHashMap<>();
    for (String key : stage.others()) {
      add(stage.mapping(), key, values, keys);
    }
    strategy.ifPresent(
        f -> f.mapping().values().keySet().forEach(key -> add(f.mapping(), key, values, keys)));
    processing.ifPresent(
        f -> f.mapping().values().keySet().forEach(key -> add(f.mapping(), key, values, keys)));
    sources.putAll(values);
    Node.Mapping whole = stage.mapping();
    return Fields.of(new Node.Mapping(whole.place(), whole.at(), values, keys), problems);
  }

  private void add(
      Node.Mapping from, String name, Map<String, Node> values, Map<String, Place> keys) {
    String key = name.equals("sampling_method") ? "sampling_strategy" : name;
    Node value = from.values().get(name);
    Place place = from.keys().get(name);
    if (value == null || place == null || value instanceof Node.Null) {
      return;
    }
    Node first = values.putIfAbsent(key, value);
    if (first == null) {
      keys.put(key, place);
    } else if (!first.says(value)) {
      problems.add(
          new Problem(
              place,
              value.pointer(),
              "%s is %s here, but %s at %s; keep one of them"
                  .formatted(name, value.kind(), first.kind(), first.place())));
    }
  }

  /** The trainer's batch, where it is said as a number; whatever else stands there is carried. */
  private Optional<Long> batchSize(Fields stage) {
    Optional<Node> node = stage.node("loading_config");
    if (node.isEmpty() || !(node.get() instanceof Node.Mapping mapping)) {
      carried.keys(stage, "loading_config");
      return Optional.empty();
    }
    Fields loading = Fields.of(mapping, problems);
    carried.used(loading, "batch_size");
    carried.others(loading);
    Optional<Long> batch = mapping.find("batch_size").flatMap(Node::wholeNumber);
    batch.flatMap(b -> mapping.find("batch_size")).ifPresent(n -> sources.put("batch_size", n));
    return batch.filter(b -> b > 0);
  }

  private MixSettings settings(
      Fields fields, Optional<List<String>> levels, Optional<Long> batchSize, boolean evaluation) {
    Optional<Fields> augmentation = fields.object("augmentation");
    int block =
        fields
            .integer("shuffle_block", 1, 1 << 20)
            .map(Long::intValue)
            .orElse(MixSettings.SHUFFLE_BLOCK);
    return new MixSettings(
        fields.decimals("data_ratio"),
        fields.choice("sampling_strategy", Strategy.words()).map(Strategy::of),
        fields.integer("max_clips_per_dataset", 1, Long.MAX_VALUE),
        fields.integer("min_clips_per_dataset", 0, Long.MAX_VALUE),
        fields.bool("shuffle").orElse(true),
        augmentation.map(a -> a.mapping().plain()).orElse(Map.of()),
        augmentation.flatMap(a -> a.bool("enabled")).orElse(false),
        fields.bool("difficulty_progression").orElse(false),
        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0L),
        fields.integer("total_clips", 1, MOST_SAMPLES),
        fields.choice("shortfall", Shortfall.words()).map(Shortfall::of).orElse(Shortfall.FAIL),
        fields.decimal("temperature").orElse(BigDecimal.ONE),
        fields.text("category_field"),
        fields.text("difficulty_field"),
        levels.orElse(MixSettings.LEVELS),
        levels.isPresent(),
        fields.text("weight_unit").orElse(MixSettings.RECORDS),
        fields.text("identity_field"),
        block,
        rowsPerPart(fields, block),
        batchSize,
        fields.object("filtering").map(this::filtering).orElse(Filtering.NONE),
        new SampleRulesReader(problems).read(fields),
        new OnlineRulesReader(problems).read(fields),
        evaluation,
        fields.bool("strict").orElse(false));
  }

  private Optional<List<String>> levels(Fields fields, Optional<Fields> curriculum) {
    List<String> levels = distinct(fields);
    List<String> ofCurriculum = curriculum.map(this::distinct).orElse(List.of());
    curriculum.ifPresent(
        c -> {
          if (levels.isEmpty() && !ofCurriculum.isEmpty()) {
            c.node("difficulty_levels").ifPresent(n -> sources.put("difficulty_levels", n));
          } else {
            carried.keys(c, "difficulty_levels");
          }
          carried.keys(c, "enabled", "strategy", "progression_epochs");
          c.refuseMisspelt();
          carried.others(c);
        });
    return Optional.of(levels.isEmpty() ? ofCurriculum : levels).filter(l -> !l.isEmpty());
  }

  private List<String> distinct(Fields fields) {
    List<String> levels = fields.texts("difficulty_levels");
    if (new HashSet<>(levels).size() < levels.size()) {
      fields
          .node("difficulty_levels")
          .ifPresent(n -> problems.add(n, "difficulty_levels names a level twice"));
    }
    return List.copyOf(levels);
  }

  private Filtering filtering(Fields fields) {
    Filtering filtering =
        new Filtering(
            fields.text("quality_field"),
            fields.signed("quality_threshold"),
            fields.text("duration_field"),
            fields.decimal("min_duration"),
            fields.decimal("max_duration"),
            fields.bool("remove_duplicates").orElse(false));
    fields.mapping().values().forEach((key, node) -> sources.put("filtering." + key, node));
    if (filtering.minDuration().isPresent()
        && filtering.maxDuration().isPresent()
        && filtering.minDuration().get().compareTo(filtering.maxDuration().get()) > 0) {
      fields
          .node("min_duration")
          .ifPresent(
              n ->
                  problems.add(
                      n, "min_duration is above max_duration, so every record is left out"));
    }
    filtering.notApplied().forEach(rule -> carried.keys(fields, rule.key()));
    carried.keys(fields, "complexity_filter");
    carried.notes(fields);
    fields.refuseOthers();
    return filtering;
  }

  /** As asked; else the multiple of the block that is nearest below the usual size. */
  private int rowsPerPart(Fields fields, int block) {
    Optional<Long> asked = fields.integer("rows_per_part", 1, 1 << 26);
    if (asked.isPresent() && asked.get() % block != 0) {
      long below = Math.max(1, asked.get() / block) * block;
      fields
          .node("rows_per_part")
          .ifPresent(
              n ->
                  problems.add(
                      n,
                      "rows_per_part is %d, not a multiple of shuffle_block (%d); near it are %d and %d"
                          .formatted(asked.get(), block, below, below + block)));
    }
    return asked.map(Long::intValue).orElse(Math.max(1, MixSettings.ROWS_PER_PART / block) * block);
  }

  private void checkMix(Fields fields, MixSettings mix) {
    fields
        .node("temperature")
        .filter(
            n ->
                mix.temperature().compareTo(LEAST_TEMPERATURE) < 0
                    || mix.temperature().compareTo(MOST_TEMPERATURE) > 0)
        .ifPresent(
            n ->
                problems.add(
                    n,
                    "temperature is %s; it has to be from %s to %s"
                        .formatted(mix.temperature(), LEAST_TEMPERATURE, MOST_TEMPERATURE)));
    fields
        .node("data_ratio")
        .filter(n -> !mix.dataRatio().isEmpty() && allZero(mix))
        .ifPresent(n -> problems.add(n, "every ratio of data_ratio is 0; nothing would be given"));
    fields
        .node("sampling_strategy")
        .filter(n -> mix.strategy().equals(Optional.of(Strategy.UNIMAX)))
        .ifPresent(
            n -> {
              if (mix.totalClips().isEmpty()) {
                problems.add(n, "unimax shares out a total; say how much with total_clips");
              }
              if (!mix.weightUnit().equals(MixSettings.RECORDS)) {
                problems.add(n, "unimax counts records; leave weight_unit out");
              }
            });
  }

  private static boolean allZero(MixSettings mix) {
    return mix.dataRatio().values().stream().allMatch(ratio -> ratio.signum() == 0);
  }
}
