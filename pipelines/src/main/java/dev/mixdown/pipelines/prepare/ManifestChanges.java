package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What changed since the manifest that was current, in short: {@code diff} has it all.
 *
 * @param since the id of the manifest before
 * @param changes each in a few words, the most important first
 */
public record ManifestChanges(String since, List<String> changes) {
  private static final int MOST_SHOWN = 5;

  /** Shares that differ by less are the same but for whole samples. */
  private static final double LEAST_SHARE = 0.001;

  /** Compares two manifests; empty where they are the same one. */
  static Optional<ManifestChanges> of(Manifest before, Manifest now) {
    if (before.id().equals(now.id())) {
      return Optional.empty();
    }
    List<String> changes = new ArrayList<>();
    if (before.samples() != now.samples()) {
      changes.add(
          "%s -> %s"
              .formatted(Counts.number(before.samples()), Counts.of(now.samples(), "sample")));
    }
    datasets(before, now, changes);
    spec(before.spec(), now.spec(), changes);
    shares(before, now, changes);
    if (before.epoch() != now.epoch()) {
      changes.add("epoch %d -> %d".formatted(before.epoch(), now.epoch()));
    }
    return Optional.of(new ManifestChanges(before.id(), List.copyOf(changes)));
  }

  private static void datasets(Manifest before, Manifest now, List<String> changes) {
    Map<String, Manifest.Dataset> old = new LinkedHashMap<>();
    before.datasets().forEach(dataset -> old.put(dataset.name(), dataset));
    for (Manifest.Dataset dataset : now.datasets()) {
      Manifest.Dataset its = old.remove(dataset.name());
      if (its == null) {
        changes.add("%s is new".formatted(dataset.name()));
      } else if (its.records() != dataset.records()) {
        changes.add(
            "%s %s -> %s"
                .formatted(
                    dataset.name(),
                    Counts.number(its.records()),
                    Counts.of(dataset.records(), "record")));
      } else if (!its.version().equals(dataset.version())) {
        changes.add("%s has other records".formatted(dataset.name()));
      }
    }
    old.keySet().forEach(name -> changes.add("%s is gone".formatted(name)));
  }

  /** The keys of the spec whose values are others. */
  private static void spec(ManifestSpec before, ManifestSpec now, List<String> changes) {
    ObjectNode old = before.json();
    ObjectNode its = now.json();
    TreeSet<String> keys = new TreeSet<>();
    old.fieldNames().forEachRemaining(keys::add);
    its.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      JsonNode from = old.path(key);
      JsonNode to = its.path(key);
      if (key.equals("datasets") || from.equals(to)) {
        continue;
      }
      changes.add(
          from.isValueNode() && to.isValueNode()
              ? "%s %s -> %s".formatted(key, from.asText(), to.asText())
              : (key.equals("samples") ? "rules for samples" : key) + " changed");
    }
    for (ManifestSpec.Dataset dataset : now.datasets()) {
      before
          .dataset(dataset.name())
          .filter(other -> !other.equals(dataset))
          .ifPresent(other -> changes.add("the entry of %s changed".formatted(dataset.name())));
    }
  }

  /** The shares of datasets that are in both, where they are others. */
  private static void shares(Manifest before, Manifest now, List<String> changes) {
    Map<String, Long> old = before.samplesByDataset();
    now.samplesByDataset()
        .forEach(
            (dataset, samples) -> {
              double from = share(old.getOrDefault(dataset, 0L), before.samples());
              double to = share(samples, now.samples());
              if (old.containsKey(dataset) && Math.abs(to - from) >= LEAST_SHARE) {
                changes.add(
                    "%s %s -> %s".formatted(dataset, Counts.percent(from), Counts.percent(to)));
              }
            });
  }

  private static double share(long samples, long of) {
    return of == 0 ? 0 : (double) samples / of;
  }

  /** The line. */
  public String line() {
    List<String> shown = changes.subList(0, Math.min(MOST_SHOWN, changes.size()));
    String more =
        changes.size() > MOST_SHOWN
            ? " and %d more (mixdown diff)".formatted(changes.size() - MOST_SHOWN)
            : "";
    return "Since %s, which was current: %s%s"
        .formatted(
            since, changes.isEmpty() ? "nothing but its id" : String.join(", ", shown), more);
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("since", since);
    json.set("changes", Json.tree(changes));
    return json;
  }
}
