package dev.mixdown.configs.review;

import dev.mixdown.configs.datasets.Categories;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.HeldOut;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Matched;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether a dataset config that reads well can give a mix, and the one that is meant. */
public final class ConfigReview {
  private final DatasetConfig config;
  private final Problems errors;
  private final Problems warnings;

  private ConfigReview(DatasetConfig config, Problems errors, Problems warnings) {
    this.config = config;
    this.errors = errors;
    this.warnings = warnings;
  }

  /**
   * Looks at a config, but at no data.
   *
   * @param errors takes what makes it unusable
   * @param warnings takes what is probably not meant
   */
  public static void review(DatasetConfig config, Problems errors, Problems warnings) {
    ConfigReview review = new ConfigReview(config, errors, warnings);
    review.versions();
    review.supplies();
    if (config.mix().strategy().map(Strategy::usesRatios).orElse(true)) {
      review.ratios();
    }
    if (config.mix().strategy().map(Strategy::usesWeights).orElse(true)) {
      review.weights();
    }
    config.notes().forEach(warnings::add);
  }

  /**
   * Looks for the data of a config where it is in a place that can be opened.
   *
   * @param folder the release repository's
   * @param reach what looks for it
   * @param warnings takes each dataset without files
   */
  public static void data(DatasetConfig config, String folder, Reach reach, Problems warnings) {
    for (DatasetEntry entry : config.enabled()) {
      look(folder, entry.path(), reach)
          .ifPresent(
              message ->
                  warnings.add(
                      entry.node().find("obs_path").orElse(entry.node()),
                      "obs_path \"%s\" of dataset \"%s\": %s"
                          .formatted(entry.path(), entry.name(), message)));
    }
    for (HeldOut heldOut : config.heldOut()) {
      look(folder, heldOut.path(), reach)
          .ifPresent(
              message ->
                  warnings.add(
                      heldOut.node().find("obs_path").orElse(heldOut.node()),
                      "obs_path \"%s\" of %s \"%s\": %s"
                          .formatted(
                              heldOut.path(), heldOut.kind().word(), heldOut.name(), message)));
    }
  }

  private static Optional<String> look(String folder, String path, Reach reach) {
    String whole = StoragePath.resolve(folder, path);
    if (!StoragePath.isSupported(whole)) {
      return Optional.of(StoragePath.cannotOpen(whole));
    }
    try {
      Matched matched = reach.match(folder, path);
      if (!matched.unusable().isEmpty()) {
        Matched.Unusable first = matched.unusable().get(0);
        return Optional.of(first.path() + " " + first.why());
      }
      return matched.files().isEmpty()
          ? Optional.of("no file is there; looked for " + whole)
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of("could not be looked at" + Causes.inBrackets(e));
    }
  }

  /** A dataset's bundles are among the stage's. */
  private void versions() {
    Set<String> stages = new TreeSet<>(config.bundleVersions());
    Set<String> used = new TreeSet<>();
    boolean all = !config.enabled().isEmpty();
    for (DatasetEntry entry : config.enabled()) {
      used.addAll(entry.bundleVersions());
      all &= !entry.bundleVersions().isEmpty();
      List<String> others =
          entry.bundleVersions().stream().filter(version -> !stages.contains(version)).toList();
      if (!stages.isEmpty() && !others.isEmpty()) {
        boolean none = others.size() == entry.bundleVersions().size();
        (none ? errors : warnings)
            .add(
                entry.node().find("bundle_versions").orElse(entry.node()),
                "dataset \"%s\" is of bundle %s, the stage of %s; bring bundle_versions of dataset and meta into agreement"
                    .formatted(entry.name(), String.join(", ", others), String.join(", ", stages)));
      }
    }
    Set<String> unused = new TreeSet<>(stages);
    unused.removeAll(used);
    if (all && !unused.isEmpty()) {
      warnings.add(
          config.root().find("meta", "bundle_versions").orElse(config.root()),
          "no dataset is of bundle %s; leave it out".formatted(String.join(", ", unused)));
    }
  }

  private void supplies() {
    List<DatasetEntry> enabled = config.enabled();
    if (!enabled.isEmpty() && enabled.stream().allMatch(d -> d.duplicate().signum() == 0)) {
      errors.add(
          enabled.get(0).node().find("duplicate").orElse(enabled.get(0).node()),
          "every dataset has duplicate 0, so nothing would be given; raise one of them");
    }
  }

  private void ratios() {
    MixSettings mix = config.mix();
    Optional<Node> ratios = Optional.ofNullable(config.sources().get("data_ratio"));
    if (mix.dataRatio().isEmpty() || ratios.isEmpty()) {
      return;
    }
    BigDecimal sum = mix.dataRatio().values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    if (sum.signum() > 0 && sum.compareTo(BigDecimal.ONE) != 0) {
      warnings.add(
          ratios.get(),
          "the ratios of data_ratio add to %s, not 1; each is taken as its part of that"
              .formatted(sum.toPlainString()));
    }
    if (mix.categoryField().isPresent()) {
      // Which categories there are only the records tell.
      return;
    }
    Set<String> served =
        config.enabled().stream()
            .filter(d -> d.duplicate().signum() > 0)
            .map(d -> Categories.of(d, mix))
            .collect(Collectors.toSet());
    mix.dataRatio()
        .forEach(
            (category, ratio) -> {
              if (ratio.signum() > 0 && !served.contains(category)) {
                (mix.strict() ? errors : warnings)
                    .add(
                        ratios.get().find(category).orElse(ratios.get()),
                        "data_ratio asks for category \"%s\", which no dataset has, or only with duplicate 0; give a dataset \"category\": \"%s\", or leave the ratio out"
                            .formatted(category, category));
              }
            });
    for (DatasetEntry entry : config.enabled()) {
      String category = Categories.of(entry, mix);
      if (!mix.dataRatio().containsKey(category)) {
        warnings.add(
            entry.node(),
            "dataset \"%s\" is in category \"%s\", to which data_ratio gives nothing; give it \"category\", or data_ratio a part for \"%s\""
                .formatted(entry.name(), category, category));
      }
    }
  }

  /** Inside a category that has a share, somebody has to have a weight. */
  private void weights() {
    MixSettings mix = config.mix();
    boolean together = mix.dataRatio().isEmpty() || mix.categoryField().isPresent();
    Map<String, List<DatasetEntry>> groups =
        config.enabled().stream()
            .collect(
                Collectors.groupingBy(
                    d -> together ? "" : Categories.of(d, mix),
                    LinkedHashMap::new,
                    Collectors.toList()));
    groups.forEach(
        (category, members) -> {
          boolean wanted =
              together || mix.dataRatio().getOrDefault(category, BigDecimal.ZERO).signum() > 0;
          if (wanted
              && members.stream()
                  .allMatch(d -> d.weight().map(w -> w.signum() == 0).orElse(false))) {
            Node node = members.get(0).node();
            errors.add(
                node.find("stage_weight").orElse(node),
                "every stage_weight%s is 0, so nothing would be given; raise one of them, or leave all out for equal shares"
                    .formatted(together ? "" : " of category \"" + category + "\""));
          }
        });
  }
}
