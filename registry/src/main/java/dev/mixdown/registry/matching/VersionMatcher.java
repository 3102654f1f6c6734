package dev.mixdown.registry.matching;

import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.TrainingEntry.Match;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.storage.StoragePath;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the version that a training used: by the hash that it names, else by the path, else by the
 * dataset's name. Of several versions it is the newest whose files had not changed since before the
 * training began; a file that changed afterwards is not what was trained on.
 */
public final class VersionMatcher {
  private static final double BY_HASH = 1.0;
  private static final double BY_PATH = 0.95;
  private static final double BY_END_OF_PATH = 0.85;
  private static final double BY_NAME = 0.8;
  private static final double BY_NAME_AND_TIME = 0.6;

  /** What is left of any of these when the training does not say when it began. */
  private static final double WITHOUT_TIME = 0.6;

  private final Map<String, List<DatasetVersion>> byHash = new HashMap<>();
  private final Map<String, List<DatasetVersion>> byPath = new HashMap<>();
  private final Map<String, List<DatasetVersion>> byLastName = new HashMap<>();
  private final Map<String, List<DatasetVersion>> byName = new HashMap<>();
  private final Set<String> names = new TreeSet<>();

  /**
   * What was found, or why nothing was.
   *
   * @param reason empty where something was found
   */
  public record MatchResult(Optional<Used> used, String reason) {
    private static MatchResult none(String reason) {
      return new MatchResult(Optional.empty(), reason);
    }
  }

  public VersionMatcher(List<DatasetVersion> versions) {
    for (DatasetVersion version : versions) {
      add(byHash, version.version(), version);
      add(byName, plain(version.dataset()), version);
      names.add(version.dataset());
      add(byPath, trimmed(version.uri()), version);
      version.shards().stream()
          .map(shard -> trimmed(shard.uri()))
          .filter(uri -> !uri.equals(trimmed(version.uri())))
          .forEach(uri -> add(byPath, uri, version));
    }
    byPath.forEach(
        (path, there) ->
            there.forEach(version -> add(byLastName, StoragePath.name(path), version)));
  }

  private static void add(
      Map<String, List<DatasetVersion>> map, String key, DatasetVersion version) {
    map.computeIfAbsent(key, k -> new ArrayList<>()).add(version);
  }

  private static String trimmed(String path) {
    return path.replaceAll("(?<=[^/])/+$", "");
  }

  /** A name as people vary it: case, hyphens and underscores make no difference. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Finds the version that a hint means. */
  public MatchResult find(ReportedData hint) {
    if (hint.hash().isPresent()) {
      String hash = hint.hash().get();
      List<DatasetVersion> known = byHash.getOrDefault(hash, List.of());
      return known.isEmpty()
          ? MatchResult.none("it names the version " + hash + ", which no dataset has")
          : used(known.get(0), "hash", BY_HASH, "it names the hash");
    }
    MatchResult found = MatchResult.none("it names neither a path nor a dataset");
    if (hint.path().isPresent()) {
      found = byPath(hint.path().get(), hint);
    }
    if (found.used().isEmpty() && hint.name().isPresent()) {
      MatchResult named = byName(hint.name().get(), hint);
      if (named.used().isPresent() || hint.path().isEmpty()) {
        return named;
      }
    }
    return found;
  }

  private MatchResult byPath(String written, ReportedData hint) {
    String path = trimmed(StoragePath.absolute(written));
    List<DatasetVersion> there = byPath.getOrDefault(path, List.of());
    if (!there.isEmpty()) {
      return atItsTime(there, hint, "path", BY_PATH, "it names " + path);
    }
    String end = "/" + trimmed(written).replaceAll("^(\\./|/)+", "");
    List<DatasetVersion> ending = new ArrayList<>();
    for (DatasetVersion version :
        byLastName.getOrDefault(StoragePath.name(trimmed(written)), List.of())) {
      boolean ends =
          trimmed(version.uri()).endsWith(end)
              || version.shards().stream().anyMatch(shard -> shard.uri().endsWith(end));
      if (ends && !ending.contains(version)) {
        ending.add(version);
      }
    }
    long places = ending.stream().map(DatasetVersion::uri).distinct().count();
    boolean same = ending.stream().map(DatasetVersion::version).distinct().count() == 1;
    if (places == 1 || same) {
      return atItsTime(
          ending, hint, "path", BY_END_OF_PATH, "it names " + written + ", the end of its path");
    }
    return MatchResult.none(
        places == 0
            ? "no dataset lies at " + written
            : "%d datasets lie at paths that end in %s".formatted(places, written));
  }

  private MatchResult byName(String name, ReportedData hint) {
    List<DatasetVersion> called = byName.getOrDefault(plain(name), List.of());
    if (called.isEmpty()) {
      return MatchResult.none(
          "no dataset is called \"%s\"%s"
              .formatted(
                  name,
                  DidYouMean.nearest(name, names)
                      .map(near -> "; did you mean \"" + near + "\"?")
                      .orElse("")));
    }
    boolean one = called.stream().map(DatasetVersion::version).distinct().count() == 1;
    return atItsTime(
        called, hint, "name", one ? BY_NAME : BY_NAME_AND_TIME, "it trained on \"" + name + "\"");
  }

  /** The newest of some versions that were there when the training began. */
  private static MatchResult atItsTime(
      List<DatasetVersion> versions, ReportedData hint, String by, double confidence, String why) {
    Comparator<DatasetVersion> byAge =
        Comparator.comparing(VersionMatcher::since).thenComparing(DatasetVersion::id);
    if (hint.began().isEmpty()) {
      DatasetVersion newest = versions.stream().max(byAge).orElseThrow();
      return used(newest, by, confidence * WITHOUT_TIME, why + "; when it began is not known");
    }
    Instant began = hint.began().get();
    Optional<DatasetVersion> then =
        versions.stream().filter(version -> !since(version).isAfter(began)).max(byAge);
    if (then.isPresent()) {
      return used(then.get(), by, confidence, why + ", unchanged since " + since(then.get()));
    }
    Instant oldest =
        versions.stream().map(VersionMatcher::since).min(Instant::compareTo).orElseThrow();
    return MatchResult.none(
        "%s, but that changed on %s, after it began on %s".formatted(why, oldest, began));
  }

  /** Since when a version has been as it is. */
  private static Instant since(DatasetVersion version) {
    String time = version.modifiedAt() == null ? version.createdAt() : version.modifiedAt();
    try {
      return Instant.parse(time);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  private static MatchResult used(
      DatasetVersion version, String by, double confidence, String why) {
    return new MatchResult(
        Optional.of(new Used(version.dataset(), version.version(), new Match(by, confidence, why))),
        "");
  }
}
