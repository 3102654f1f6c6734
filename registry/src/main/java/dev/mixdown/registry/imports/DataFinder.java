package dev.mixdown.registry.imports;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.TrainingEntry.Match;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.matching.ReportedData;
import dev.mixdown.registry.matching.VersionMatcher;
import dev.mixdown.registry.matching.VersionMatcher.MatchResult;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds the dataset version that a job used: by the hash that it names, by the path of its data, by
 * what the file there contains, or by the file's name.
 */
public final class DataFinder {
  private static final double BY_CONTENT = 0.9;

  private final VersionMatcher matcher;
  private final Storage storage;
  private final UnaryOperator<String> moved;
  private final Map<String, DatasetVersion> byHash = new HashMap<>();
  private final Set<Long> sizes = new HashSet<>();

  /** Files that were read, by their paths; empty where none has a version's size. */
  private final Map<String, Optional<Content>> contents = new HashMap<>();

  /** What a file contains. */
  private record Content(String sha256, Instant modified) {}

  /**
   * @param versions all that are known
   * @param moved where data lies now
   */
  public DataFinder(List<DatasetVersion> versions, Storage storage, UnaryOperator<String> moved) {
    this.matcher = new VersionMatcher(versions);
    this.storage = storage;
    this.moved = moved;
    for (DatasetVersion version : versions) {
      byHash.putIfAbsent(version.version(), version);
      sizes.add(version.bytes());
    }
  }

  /** The version that a job used, or why it is not known. */
  public MatchResult find(Job job) {
    Optional<LocalDateTime> began = job.time("started_at").or(() -> job.time("created_at"));
    Optional<String> path = job.text("train_data_path").map(moved);
    ReportedData byPath =
        new ReportedData(
            job.text(JobReport.VERSION_COLUMN),
            path,
            Optional.empty(),
            began.map(time -> time.toInstant(ZoneOffset.UTC)));
    MatchResult found = find(byPath);
    if (found.used().isPresent() || path.isEmpty() || byPath.hash().isPresent()) {
      return found;
    }
    Optional<Used> content = byContent(path.get(), byPath.began());
    if (content.isPresent()) {
      return new MatchResult(content, "");
    }
    MatchResult named =
        find(
            new ReportedData(
                Optional.empty(), Optional.empty(), Optional.of(name(path.get())), byPath.began()));
    return named.used().isPresent() ? named : found;
  }

  /** How a version was found, in words. */
  static String why(Used used) {
    return used.match() == null ? "" : used.match().why();
  }

  private MatchResult find(ReportedData data) {
    try {
      return matcher.find(data);
    } catch (IllegalArgumentException e) {
      // A path that is none.
      return new MatchResult(Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** A dataset's name by its file. */
  private static String name(String path) {
    return StoragePath.name(path.replaceAll("/+$", ""))
        .replaceFirst("(\\.(jsonl|ndjson|json|csv|parquet))?(\\.(gz|zst|bz2))?$", "");
  }

  private Optional<Used> byContent(String path, Optional<Instant> began) {
    Optional<Content> content = contents.computeIfAbsent(path, this::content);
    DatasetVersion version = content.map(c -> byHash.get(c.sha256())).orElse(null);
    if (version == null || began.isEmpty() || content.get().modified().isAfter(began.get())) {
      return Optional.empty();
    }
    return Optional.of(
        new Used(
            version.dataset(),
            version.version(),
            new Match(
                "content",
                BY_CONTENT,
                "%s has its content, unchanged since %s"
                    .formatted(path, content.get().modified()))));
  }

  /** Reads a file only where it has the size of a version. */
  private Optional<Content> content(String path) {
    try {
      Optional<FileInfo> file =
          StoragePath.isSupported(path) ? storage.stat(path) : Optional.empty();
      return file.isPresent() && sizes.contains(file.get().bytes())
          ? Optional.of(
              new Content(storage.sha256(path), Instant.ofEpochMilli(file.get().modifiedMillis())))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
