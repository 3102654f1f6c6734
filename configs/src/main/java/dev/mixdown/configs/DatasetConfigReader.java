package dev.mixdown.configs;

import dev.mixdown.configs.DatasetEntry.CsvOptions;
import dev.mixdown.configs.tree.DidYouMean;
import dev.mixdown.configs.tree.Fields;
import dev.mixdown.configs.tree.JsonTree;
import dev.mixdown.configs.tree.Node;
import dev.mixdown.configs.tree.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a stage's dataset config, and finds every problem in it that its text alone shows. */
final class DatasetConfigReader {
  private static final List<String> FORMATS = List.of("jsonl", "csv", "parquet");
  private static final long MOST_SAMPLES = 1L << 40;

  private final String file;
  private final Problems problems;

  DatasetConfigReader(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  Optional<DatasetConfig> read(String text) {
    return JsonTree.read(text, file, problems).map(this::config);
  }

  private DatasetConfig config(Node node) {
    Fields root = Fields.of(node, problems);
    Fields meta = root.object("meta").orElse(none(root));
    MixSettings mix = mix(meta.object("stage_config").orElse(none(root)));
    List<DatasetEntry> datasets = datasets(root, mix);
    checkCategories(mix, datasets);
    checkWeights(mix, datasets);
    DatasetConfig config =
        new DatasetConfig(
            file,
            node,
            meta.text("stage"),
            meta.text("release_name"),
            meta.text("version"),
            meta.text("consumer_version"),
            meta.texts("bundle_versions"),
            mix,
            datasets);
    meta.text("created_at");
    meta.node("description");
    meta.refuseOthers();
    root.refuseOthers();
    return config;
  }

  private Fields none(Fields root) {
    return Fields.of(new Node.Mapping(root.mapping().place(), "", Map.of(), Map.of()), problems);
  }

  private MixSettings mix(Fields fields) {
    Optional<Fields> augmentation = fields.object("augmentation");
    int block =
        fields
            .integer("shuffle_block", 1, 1 << 20)
            .map(Long::intValue)
            .orElse(MixSettings.SHUFFLE_BLOCK);
    MixSettings mix =
        new MixSettings(
            fields.decimals("data_ratio"),
            fields.choice("sampling_strategy", Strategy.words()).map(Strategy::of),
            fields.integer("max_clips_per_dataset", 1, Long.MAX_VALUE),
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
            levels(fields),
            fields.text("weight_unit").orElse(MixSettings.RECORDS),
            fields.text("identity_field"),
            block,
            rowsPerPart(fields, block),
            fields.bool("strict").orElse(false));
    fields.refuseOthers();
    checkMix(fields, mix);
    return mix;
  }

  private List<String> levels(Fields fields) {
    List<String> levels = fields.texts("difficulty_levels");
    if (new HashSet<>(levels).size() < levels.size()) {
      fields
          .node("difficulty_levels")
          .ifPresent(n -> problems.add(n, "difficulty_levels names a level twice"));
    }
    return levels.isEmpty() ? MixSettings.LEVELS : List.copyOf(levels);
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
        .filter(n -> mix.temperature().signum() == 0)
        .ifPresent(n -> problems.add(n, "temperature is 0; it has to be above 0"));
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

  private List<DatasetEntry> datasets(Fields root, MixSettings mix) {
    List<DatasetEntry> datasets = new ArrayList<>();
    Map<String, Node> names = new HashMap<>();
    Optional<Node> index = root.required("dataset_index");
    for (Node node : root.list("dataset_index")) {
      DatasetEntry entry = dataset(Fields.of(node, problems), mix);
      datasets.add(entry);
      if (entry.name().chars().anyMatch(Character::isISOControl)) {
        problems.add(node, "the name of a dataset has a control character in it; write it without");
      }
      Node first = names.putIfAbsent(entry.name(), node);
      if (first != null && !entry.name().isEmpty()) {
        problems.add(
            node,
            "a dataset called \"%s\" stands already in line %d; names have to differ"
                .formatted(entry.name(), first.place().line()));
      }
    }
    index
        .filter(Node.Sequence.class::isInstance)
        .filter(n -> datasets.stream().noneMatch(DatasetEntry::enabled))
        .ifPresent(
            n ->
                problems.add(
                    n,
                    datasets.isEmpty()
                        ? "dataset_index is empty"
                        : "no dataset is enabled; nothing would be given"));
    return datasets;
  }

  private DatasetEntry dataset(Fields fields, MixSettings mix) {
    List<String> levels = new ArrayList<>(mix.difficultyLevels());
    levels.add(DatasetEntry.PROGRESSIVE);
    DatasetEntry entry =
        new DatasetEntry(
            fields.mapping(),
            fields.requiredText("name").orElse(""),
            fields.requiredText("obs_path").orElse(""),
            fields.texts("bundle_versions"),
            fields.decimal("duplicate").orElse(BigDecimal.ONE),
            fields.decimal("stage_weight"),
            fields
                .choice("sampling_priority", Priority.words())
                .map(Priority::of)
                .orElse(Priority.MEDIUM),
            fields.bool("enabled").orElse(true),
            fields.choice("difficulty_level", levels),
            fields.text("category"),
            fields.choice("format", FORMATS),
            fields.object("csv").map(this::csv).orElse(CsvOptions.DEFAULT));
    fields.refuseOthers();
    return entry;
  }

  private CsvOptions csv(Fields fields) {
    CsvOptions csv =
        new CsvOptions(
            character(fields, "delimiter", ','),
            character(fields, "quote", '"'),
            fields.bool("header").orElse(true));
    if (csv.delimiter() == csv.quote()) {
      problems.add(fields.mapping(), "csv: delimiter and quote are the same character");
    }
    fields.refuseOthers();
    return csv;
  }

  private char character(Fields fields, String key, char absent) {
    Optional<Node> node = fields.node(key);
    if (node.isEmpty()) {
      return absent;
    }
    if (node.get() instanceof Node.Text text && text.value().matches("[\\x00-\\x7f&&[^\\r\\n]]")) {
      return text.value().charAt(0);
    }
    problems.add(
        node.get(), key + " is " + node.get().kind() + "; one ASCII character is expected");
    return absent;
  }

  private void checkCategories(MixSettings mix, List<DatasetEntry> datasets) {
    if (mix.dataRatio().isEmpty()) {
      return;
    }
    for (DatasetEntry dataset : datasets) {
      String category = dataset.category().orElse(Categories.OTHERS);
      if (!mix.dataRatio().containsKey(category) && !category.equals(Categories.OTHERS)) {
        problems.add(
            dataset.node(),
            "category \"%s\" of dataset \"%s\" is not in data_ratio%s"
                .formatted(
                    category, dataset.name(), DidYouMean.hint(category, mix.dataRatio().keySet())));
      }
    }
  }

  /** Inside a category every dataset has a weight or none: a missing one has no good reading. */
  private void checkWeights(MixSettings mix, List<DatasetEntry> datasets) {
    if (!mix.strategy().map(Strategy::usesWeights).orElse(true)) {
      return;
    }
    Map<String, List<DatasetEntry>> groups = new LinkedHashMap<>();
    for (DatasetEntry dataset : datasets) {
      if (dataset.enabled()) {
        // Without ratios the categories themselves are weighed by their datasets' weights, and with
        // a category field every dataset may be in any category.
        boolean together = mix.dataRatio().isEmpty() || mix.categoryField().isPresent();
        String group = together ? "" : Categories.of(dataset, mix);
        groups.computeIfAbsent(group, g -> new ArrayList<>()).add(dataset);
      }
    }
    groups.forEach(
        (category, members) -> {
          if (members.stream().allMatch(d -> d.weight().isEmpty())) {
            return;
          }
          String others = category.isEmpty() ? "others" : "others of category " + category;
          for (DatasetEntry member : members) {
            if (member.weight().isEmpty()) {
              problems.add(
                  member.node(),
                  "dataset \"%s\" has no stage_weight, but %s have; give all of them one, or none"
                      .formatted(member.name(), others));
            }
          }
        });
  }
}
