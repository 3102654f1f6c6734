package dev.mixdown.configs.switching;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a switch means to a loader that keeps datasets in its cache. Whatever it holds of the old
 * stage's manifest (positions, shuffle buffers) goes in any case.
 *
 * @param drop datasets whose cached records are of no use any more, or wrong
 * @param keep names of datasets that are the same in both stages
 * @param load names of datasets that are new, or whose data is another
 * @param consumerVersion the loader's version that the new stage is made for, where it is another
 */
public record LoaderChanges(
    List<Dropped> drop, List<String> keep, List<String> load, Optional<String> consumerVersion) {

  /** A dataset to drop, and why. */
  public record Dropped(String dataset, String path, String why) {}

  /** What changes from one stage's configs (several, where it has arms) to another's. */
  public static LoaderChanges of(List<DatasetConfig> from, List<DatasetConfig> to) {
    Map<String, DatasetEntry> before = datasets(from);
    Map<String, DatasetEntry> after = datasets(to);
    List<Dropped> drop = new ArrayList<>();
    List<String> keep = new ArrayList<>();
    List<String> load = new ArrayList<>(after.keySet());
    before.forEach(
        (name, old) -> {
          Optional<String> why = why(old, after.get(name));
          if (why.isEmpty()) {
            keep.add(name);
            load.remove(name);
          } else {
            drop.add(new Dropped(name, old.path(), why.get()));
          }
        });
    Optional<String> consumer = consumer(to);
    return new LoaderChanges(
        drop, keep, load, consumer.filter(v -> !consumer(from).equals(consumer)));
  }

  private static Optional<String> consumer(List<DatasetConfig> configs) {
    return configs.stream().flatMap(c -> c.consumerVersion().stream()).findFirst();
  }

  private static Map<String, DatasetEntry> datasets(List<DatasetConfig> configs) {
    Map<String, DatasetEntry> datasets = new LinkedHashMap<>();
    configs.forEach(config -> config.enabled().forEach(d -> datasets.putIfAbsent(d.name(), d)));
    return datasets;
  }

  private static Optional<String> why(
      DatasetEntry old, @org.jspecify.annotations.Nullable DatasetEntry now) {
    if (now == null) {
      return Optional.of("the new stage does not use it");
    }
    if (!old.path().equals(now.path())) {
      return Optional.of("its data is now at " + now.path());
    }
    if (!old.bundleVersions().equals(now.bundleVersions())) {
      return Optional.of(
          "its bundle is now "
              + (now.bundleVersions().isEmpty()
                  ? "none"
                  : String.join(", ", now.bundleVersions())));
    }
    return old.format().equals(now.format()) && old.csv().equals(now.csv())
        ? Optional.empty()
        : Optional.of("it is read in another form");
  }
}
