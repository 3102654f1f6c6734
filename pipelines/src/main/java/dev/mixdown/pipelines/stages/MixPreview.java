package dev.mixdown.pipelines.stages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.Categories;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.repository.Explanation;
import dev.mixdown.configs.repository.Explanation.Setting;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.plan.KnownMix;
import dev.mixdown.transforms.mixing.Mix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mix that a stage would have, beside the one that is active.
 *
 * @param mix the stage's
 * @param before the active one; empty where there is nothing to compare with
 * @param rows by dataset: first the stage's own, then those that only the active one has
 * @param settings what changes for the stage as a whole, in words
 */
public record MixPreview(
    KnownMix mix, Optional<KnownMix> before, List<Row> rows, List<String> settings) {

  /** What happens to a dataset. */
  public enum Change {
    NEW,
    GONE,
    CHANGED,
    SAME
  }

  /**
   * One dataset.
   *
   * @param records how many it has, where that is known
   * @param samples how many the stage takes, where that is known; 0 for one that is gone
   * @param share its part of the stage
   * @param shareBefore its part of the active stage
   * @param differences what its entry says otherwise, or says at all where it is new, in words
   */
  public record Row(
      Change change,
      String dataset,
      String category,
      Optional<Long> records,
      Optional<Long> samples,
      Optional<Double> share,
      Optional<Double> shareBefore,
      List<String> differences) {}

  public static MixPreview of(KnownMix mix, Optional<KnownMix> before) {
    Map<String, DatasetEntry> old = datasets(before);
    Map<String, DatasetEntry> now = datasets(Optional.of(mix));
    List<Row> rows = new ArrayList<>();
    now.forEach((name, entry) -> rows.add(row(mix, before, entry, old.get(name))));
    old.forEach(
        (name, entry) -> {
          if (!now.containsKey(name)) {
            rows.add(gone(before.orElseThrow(), entry));
          }
        });
    List<String> settings = before.map(b -> differences(stage(b), stage(mix))).orElse(List.of());
    return new MixPreview(mix, before, rows, settings);
  }

  private static Map<String, DatasetEntry> datasets(Optional<KnownMix> mix) {
    Map<String, DatasetEntry> datasets = new LinkedHashMap<>();
    mix.ifPresent(m -> m.resolution().config().enabled().forEach(d -> datasets.put(d.name(), d)));
    return datasets;
  }

  private static Row row(
      KnownMix mix, Optional<KnownMix> before, DatasetEntry entry, @Nullable DatasetEntry old) {
    DatasetConfig config = mix.resolution().config();
    List<String> differences =
        before.isEmpty()
            ? List.of()
            : old == null
                ? terms(entry)
                : differences(
                    Explanation.dataset(old, before.get().resolution().config().mix()),
                    Explanation.dataset(entry, config.mix()));
    Optional<Double> share = share(mix, entry.name());
    Optional<Double> shareBefore = before.flatMap(b -> share(b, entry.name()));
    Change change =
        before.isEmpty()
            ? Change.SAME
            : old == null
                ? Change.NEW
                : differences.isEmpty() && share.equals(shareBefore) ? Change.SAME : Change.CHANGED;
    return new Row(
        change,
        entry.name(),
        Categories.of(entry, config.mix()),
        Optional.ofNullable(mix.records().get(entry.name())),
        mix.samples(entry.name()),
        share,
        old == null ? Optional.empty() : shareBefore,
        differences);
  }

  /** On what terms a dataset comes in. */
  private static List<String> terms(DatasetEntry entry) {
    List<String> terms = new ArrayList<>();
    terms.add("duplicate " + entry.duplicate().toPlainString());
    entry.weight().ifPresent(weight -> terms.add("stage_weight " + weight.toPlainString()));
    terms.add("sampling_priority " + entry.priority().word());
    return terms;
  }

  private static Row gone(KnownMix before, DatasetEntry entry) {
    return new Row(
        Change.GONE,
        entry.name(),
        Categories.of(entry, before.resolution().config().mix()),
        Optional.ofNullable(before.records().get(entry.name())),
        Optional.of(0L),
        Optional.empty(),
        share(before, entry.name()),
        List.of());
  }

  private static Optional<Double> share(KnownMix mix, String dataset) {
    return mix.mix()
        .map(Mix::total)
        .filter(total -> total > 0)
        .flatMap(total -> mix.samples(dataset).map(samples -> (double) samples / total));
  }

  private static List<Setting> stage(KnownMix mix) {
    return Explanation.stage(mix.resolution().config());
  }

  private static List<String> differences(List<Setting> before, List<Setting> now) {
    Map<String, String> old = new LinkedHashMap<>();
    before.forEach(s -> old.put(s.name(), s.value()));
    List<String> differences = new ArrayList<>();
    for (Setting setting : now) {
      String was = old.get(setting.name());
      if (was != null && !was.equals(setting.value())) {
        differences.add(
            "%s %s -> %s".formatted(setting.name(), brief(was), brief(setting.value())));
      }
    }
    return differences;
  }

  /** What defaults are called is too long for a comparison. */
  private static String brief(String value) {
    return value.startsWith("none: ") ? "none" : value;
  }

  /** The document of an arm in {@code stage preview --json}. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    document.put("stage", mix.resolution().stage());
    document.put("variant", mix.resolution().variant().orElse(null));
    document.put("config", mix.resolution().config().file());
    document.put("samples", mix.mix().map(Mix::total).orElse(null));
    document.put("against", before.map(b -> b.resolution().folder()).orElse(null));
    document.put("samples_before", before.flatMap(KnownMix::mix).map(Mix::total).orElse(null));
    document.set("settings", Json.tree(settings));
    ArrayNode datasets = document.putArray("datasets");
    for (Row row : rows) {
      ObjectNode node = datasets.addObject();
      node.put("change", row.change().name().toLowerCase(Locale.ROOT));
      node.put("dataset", row.dataset());
      node.put("category", row.category());
      node.put("records", row.records().orElse(null));
      node.put("samples", row.samples().orElse(null));
      node.put("share", row.share().orElse(null));
      node.put("share_before", row.shareBefore().orElse(null));
      node.set("differences", Json.tree(row.differences()));
    }
    document.set("notes", Json.tree(mix.notes()));
    document.set("carried", mix.resolution().carried().document());
    return document;
  }
}
