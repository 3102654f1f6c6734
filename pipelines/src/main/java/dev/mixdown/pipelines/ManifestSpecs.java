package dev.mixdown.pipelines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.datasets.Filtering;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.samples.SampleRules;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.ManifestSpec;
import dev.mixdown.transforms.mixing.ExactDecimals;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a config asks for, as a manifest's spec. */
public final class ManifestSpecs {
  private ManifestSpecs() {}

  /** The spec of a stage's config. */
  public static ManifestSpec of(DatasetConfig config) {
    MixSettings mix = config.mix();
    Map<String, BigDecimal> ratios = new LinkedHashMap<>();
    mix.dataRatio()
        .forEach((category, ratio) -> ratios.put(category, ExactDecimals.shortest(ratio)));
    return new ManifestSpec(
        ratios,
        mix.strategy().map(s -> s.word()).orElse(null),
        mix.maxClipsPerDataset().orElse(null),
        mix.shuffle(),
        Json.tree(mix.augmentation()),
        mix.difficultyProgression(),
        mix.seed(),
        mix.totalClips().orElse(null),
        mix.shortfall().word(),
        ExactDecimals.shortest(mix.temperature()),
        mix.categoryField().orElse(null),
        mix.difficultyField().orElse(null),
        mix.difficultyLevels(),
        mix.weightUnit(),
        mix.identityField().orElse(null),
        mix.shuffleBlock(),
        mix.rowsPerPart(),
        mix.filtering().isApplied() || mix.filtering().removeDuplicates()
            ? filtering(mix.filtering())
            : null,
        samples(mix.samples()),
        config.enabled().stream().map(ManifestSpecs::dataset).toList());
  }

  private static ManifestSpec.Dataset dataset(DatasetEntry entry) {
    return new ManifestSpec.Dataset(
        entry.name(),
        ExactDecimals.shortest(entry.duplicate()),
        shortest(entry.weight()),
        entry.priority().word(),
        entry.difficultyLevel().orElse(null),
        entry.category().orElse(null),
        entry.format().orElse(null),
        entry.csv().equals(CsvOptions.DEFAULT) ? null : csv(entry.csv()));
  }

  private static ManifestSpec.Csv csv(CsvOptions csv) {
    return new ManifestSpec.Csv(
        String.valueOf(csv.delimiter()), String.valueOf(csv.quote()), csv.header());
  }

  /** The rules that are applied. */
  private static ManifestSpec.Filtering filtering(Filtering filtering) {
    boolean quality = filtering.appliedQualityField().isPresent();
    boolean duration = filtering.appliedDurationField().isPresent();
    return new ManifestSpec.Filtering(
        filtering.appliedQualityField().orElse(null),
        quality ? shortest(filtering.qualityThreshold()) : null,
        filtering.appliedDurationField().orElse(null),
        duration ? shortest(filtering.minDuration()) : null,
        duration ? shortest(filtering.maxDuration()) : null,
        filtering.removeDuplicates() ? true : null);
  }

  /**
   * The rules for samples that a record may be left out by, or given by. What is held out is among
   * them only where its records are left out: else no sample depends on it.
   */
  private static @Nullable ObjectNode samples(SampleRules rules) {
    ObjectNode samples = Json.object();
    rules
        .continued()
        .ifPresent(
            c -> {
              ObjectNode one = samples.putObject("continue");
              one.put(c.source().kind().key(), c.source().name());
              c.consumed().ifPresent(n -> one.put("consumed", n));
            });
    for (SampleRules.Source source : rules.exclude()) {
      samples.withArray("exclude").addObject().put(source.kind().key(), source.name());
    }
    for (SampleRules.Replay replay : rules.replay()) {
      ObjectNode one = samples.withArray("replay").addObject();
      one.put(replay.source().kind().key(), replay.source().name());
      one.put("share", ExactDecimals.shortest(replay.share()));
      if (replay.onlyConsumed()) {
        one.put("only_consumed", true);
      }
    }
    if (rules.holdOut().policy() == SampleRules.Policy.EXCLUDE) {
      ObjectNode holdOut = samples.putObject("hold_out");
      holdOut.put("policy", rules.holdOut().policy().word());
      for (SampleRules.Allowed allowed : rules.holdOut().allowed()) {
        holdOut.withArray("allow").add(HexFormat.of().toHexDigits(allowed.identity()));
      }
      rules.content().fields().forEach(field -> holdOut.withArray("content_fields").add(field));
      if (rules.content().normalise()) {
        holdOut.put("normalise", true);
      }
    }
    return samples.isEmpty() ? null : samples;
  }

  private static @Nullable BigDecimal shortest(Optional<BigDecimal> value) {
    return value.map(ExactDecimals::shortest).orElse(null);
  }
}
