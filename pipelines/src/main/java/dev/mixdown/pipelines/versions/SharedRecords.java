package dev.mixdown.pipelines.versions;

import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.FileInspection;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Counts the records that two versions share, by the identities in their shards' indexes. A record
 * that is three times in one and twice in the other is shared twice.
 */
public final class SharedRecords {
  private final Workspace workspace;
  private final CsvOptions csv;
  private final Progress progress;

  /**
   * @param csv how CSV is written
   */
  public SharedRecords(Workspace workspace, CsvOptions csv, Progress progress) {
    this.progress = progress;
    this.workspace = workspace;
    this.csv = csv;
  }

  /**
   * What was found.
   *
   * @param why it is not known; empty where it is
   */
  public record Result(boolean known, long shared, long ofA, long ofB, String why) {
    /** In words. */
    public String line() {
      return known
          ? String.format(
              Locale.ROOT,
              "%,d records are in both, %,d only in A, %,d only in B",
              shared,
              ofA - shared,
              ofB - shared)
          : "How many records are in both is not known: " + why;
    }
  }

  public Result count(DatasetVersion a, DatasetVersion b) throws IOException {
    List<Shard> missing = new ArrayList<>();
    for (DatasetVersion version : List.of(a, b)) {
      if (version.counted().isEmpty()) {
        return new Result(
            false, 0, 0, 0, "the records of " + version.dataset() + " were not counted");
      }
      for (Shard shard : version.shards()) {
        if (!hasIndex(shard)) {
          missing.add(shard);
        }
      }
    }
    Optional<String> problem = missing.isEmpty() ? Optional.empty() : index(missing);
    if (problem.isPresent()) {
      return new Result(false, 0, 0, 0, problem.get());
    }
    long[] inA = identities(a);
    long[] inB = identities(b);
    return new Result(true, shared(inA, inB), inA.length, inB.length, "");
  }

  private InspectionSpec spec(Shard shard) {
    String format = shard.format();
    ShardFormat known =
        ShardFormat.of(format).orElseThrow(() -> new IllegalStateException("no format " + format));
    return InspectionSpec.of(known, csv, true, false);
  }

  private String path(Shard shard) {
    return workspace.index(shard.sha256(), spec(shard));
  }

  private boolean hasIndex(Shard shard) throws IOException {
    return workspace.storage().stat(path(shard)).isPresent();
  }

  /** Reads shards again that the workspace has no index of; says why where that is not possible. */
  private Optional<String> index(List<Shard> shards) throws IOException {
    for (Shard shard : shards) {
      Optional<FileInfo> file = workspace.storage().stat(shard.uri());
      if (file.isEmpty() || file.get().bytes() != shard.bytes()) {
        return Optional.of(
            shard.uri() + (file.isEmpty() ? " is not there any more" : " has changed"));
      }
    }
    try {
      new FileInspection(workspace, RunnerSettings.DIRECT, progress)
          .inspect(
              shards.stream().map(Shard::uri).distinct().toList(), Optional.empty(), csv, true);
    } catch (DataException e) {
      return Optional.of(e.problems().get(0).toString());
    }
    for (Shard shard : shards) {
      if (!hasIndex(shard)) {
        return Optional.of(shard.uri() + " is not what it was");
      }
    }
    return Optional.empty();
  }

  private long[] identities(DatasetVersion version) throws IOException {
    long[] all = new long[Math.toIntExact(Math.min(version.records(), Integer.MAX_VALUE - 8))];
    int size = 0;
    for (Shard shard : version.shards()) {
      try (IndexReader index = new IndexReader(workspace.storage(), path(shard))) {
        while (index.next()) {
          for (int i = 0; i < index.size(); i++) {
            if (index.group(i) != IndexReader.LEFT_OUT && size < all.length) {
              all[size++] = index.identity(i);
            }
          }
        }
      }
    }
    long[] found = Arrays.copyOf(all, size);
    Arrays.parallelSort(found);
    return found;
  }

  /** How many values two sorted lists share. */
  static long shared(long[] a, long[] b) {
    long shared = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      if (a[i] == b[j]) {
        shared++;
        i++;
        j++;
      } else if (a[i] < b[j]) {
        i++;
      } else {
        j++;
      }
    }
    return shared;
  }
}
