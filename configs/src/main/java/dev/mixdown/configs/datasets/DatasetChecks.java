package dev.mixdown.configs.datasets;

import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether the datasets of a config that take part fit together. */
final class DatasetChecks {
  private final MixSettings mix;
  private final List<DatasetEntry> datasets;
  private final Problems problems;

  private DatasetChecks(MixSettings mix, List<DatasetEntry> datasets, Problems problems) {
    this.mix = mix;
    this.datasets = datasets;
    this.problems = problems;
  }

  static void check(MixSettings mix, List<DatasetEntry> all, Problems problems) {
    DatasetChecks checks =
        new DatasetChecks(mix, all.stream().filter(DatasetEntry::enabled).toList(), problems);
    checks.categories();
    checks.weights();
  }

  private void categories() {
    if (mix.dataRatio().isEmpty()) {
      return;
    }
    for (DatasetEntry dataset : datasets) {
      String category = dataset.category().orElse(Categories.OTHERS);
      if (!mix.dataRatio().containsKey(category) && !category.equals(Categories.OTHERS)) {
        problems.add(
            dataset.node(),
            "category \"%s\" of dataset \"%s\" is not in data_ratio: add it there (with 0 if it is to give nothing), or drop \"category\"%s"
                .formatted(
                    category, dataset.name(), DidYouMean.hint(category, mix.dataRatio().keySet())));
      }
    }
  }

  /** Inside a category every dataset has a weight or none: a missing one has no good reading. */
  private void weights() {
    if (!mix.strategy().map(Strategy::usesWeights).orElse(true)) {
      return;
    }
    Map<String, List<DatasetEntry>> groups = new LinkedHashMap<>();
    for (DatasetEntry dataset : datasets) {
      // Without ratios the categories themselves are weighed by their datasets' weights, and with
      // a category field every dataset may be in any category.
      boolean together = mix.dataRatio().isEmpty() || mix.categoryField().isPresent();
      String group = together ? "" : Categories.of(dataset, mix);
      groups.computeIfAbsent(group, g -> new ArrayList<>()).add(dataset);
    }
    groups.forEach(this::weights);
  }

  private void weights(String category, List<DatasetEntry> members) {
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
  }
}
