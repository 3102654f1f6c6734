package dev.mixdown.pipelines.versions;

import dev.mixdown.configs.DatasetEntry.CsvOptions;
import dev.mixdown.configs.storage.FileInfo;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.prepare.FileInspection;
import dev.mixdown.pipelines.terminal.TerminalProgress;
import dev.mixdown.records.DatasetVersion;
import dev.mixdown.records.DatasetVersion.Shard;
import dev.mixdown.transforms.shards.IndexReader;
import dev.mixdown.transforms.shards.InspectionSpec;
import dev.mixdown.transforms.shards.ShardFormat;
import dev.mixdown.transforms.shards.ShardInspector;
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
final class SharedRecords {
  private final String workspace;
  private final CsvOptions csv;

  /**
   * @param csv how CSV is written
   */
  SharedRecords(String workspace, CsvOptions csv) {
    this.workspace = workspace;
    this.csv = csv;
  }

  /**
   * What was found.
   *
   * @param why it is not known; empty where it is
   */
  record Result(boolean known, long shared, long ofA, long ofB, String why) {
    /** In words. */
    String line() {
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

  Result count(DatasetVersion a, DatasetVersion b) throws IOException {
    List<Shard> missing = new ArrayList<>();
    for (DatasetVersion version : List.of(a, b)) {
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
        ShardFormat.named("shard." + format, Optional.empty())
            .format()
            .orElseThrow(() -> new IllegalStateException("no format " + format));
    return InspectionSpec.of(known, csv, true, false);
  }

  private String path(Shard shard) {
    return ShardInspector.indexPath(workspace, shard.sha256(), spec(shard));
  }

  private boolean hasIndex(Shard shard) throws IOException {
    return Storage.stat(path(shard)).isPresent();
  }

  /** Reads shards again that the workspace has no index of; says why where that is not possible. */
  private Optional<String> index(List<Shard> shards) throws IOException {
    for (Shard shard : shards) {
      Optional<FileInfo> file = Storage.stat(shard.uri());
      if (file.isEmpty() || file.get().bytes() != shard.bytes()) {
        return Optional.of(
            shard.uri() + (file.isEmpty() ? " is there no more" : " is not what it was"));
      }
    }
    try {
      new FileInspection(workspace, RunnerSettings.DIRECT, TerminalProgress.orNone())
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
    long[] all = new long[Math.toIntExact(Math.min(version.numSamples(), Integer.MAX_VALUE - 8))];
    int size = 0;
    for (Shard shard : version.shards()) {
      try (IndexReader index = new IndexReader(path(shard))) {
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
