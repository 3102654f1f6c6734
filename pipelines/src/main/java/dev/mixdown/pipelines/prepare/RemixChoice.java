package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.configs.samples.SampleRules.Source;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The stage's config, but going on from a manifest, and with another mix where one is said.
 *
 * @param manifestId the manifest that was consumed so far
 * @param position how many of its samples were taken
 * @param ratio by category of the config's {@code data_ratio}; by dataset where it has none; empty
 *     for the mix of the config
 */
public record RemixChoice(String manifestId, long position, Map<String, BigDecimal> ratio) {
  /**
   * The config with the change.
   *
   * @throws ConfigException when the ratio does not name what the config mixes
   */
  Resolution of(Resolution stage) {
    DatasetConfig config = stage.config();
    Source source = new Source(config.root(), Source.Kind.MANIFEST, manifestId);
    MixSettings settings = config.mix();
    SampleRules rules =
        settings.samples().continuing(new SampleRules.Continue(source, Optional.of(position)));
    if (ratio.isEmpty()) {
      return stage.with(config.with(settings.with(rules)));
    }
    if (!settings.dataRatio().isEmpty()) {
      refuse(config, "category", "data_ratio", settings.dataRatio().keySet());
      Map<String, BigDecimal> inOrder = new LinkedHashMap<>();
      settings
          .dataRatio()
          .keySet()
          .forEach(name -> inOrder.put(name, Objects.requireNonNull(ratio.get(name))));
      return stage.with(config.with(settings.withRatio(inOrder).with(rules)));
    }
    refuse(
        config,
        "dataset",
        "dataset_index",
        config.enabled().stream().map(DatasetEntry::name).toList());
    List<DatasetEntry> weighed =
        config.datasets().stream()
            .map(
                entry ->
                    ratio.containsKey(entry.name())
                        ? entry.weighing(Objects.requireNonNull(ratio.get(entry.name())))
                        : entry)
            .toList();
    return stage.with(config.with(settings.with(rules), weighed));
  }

  /** Every name has to be known, and to be said: what is not said would change its share too. */
  private void refuse(DatasetConfig config, String what, String where, Collection<String> names) {
    List<String> problems = new ArrayList<>();
    for (String name : ratio.keySet()) {
      if (!names.contains(name)) {
        problems.add(
            "--ratio names %s \"%s\", which %s does not have%s"
                .formatted(what, name, where, DidYouMean.hint(name, List.copyOf(names))));
      }
    }
    List<String> missing = names.stream().filter(name -> !ratio.containsKey(name)).toList();
    if (problems.isEmpty() && !missing.isEmpty()) {
      problems.add(
          "--ratio does not say the share of %s; name every %s of %s, with 0 for one that shall give nothing"
              .formatted(String.join(", ", missing), what, where));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException("the mix", config.file(), String.join("; ", problems));
    }
  }
}
