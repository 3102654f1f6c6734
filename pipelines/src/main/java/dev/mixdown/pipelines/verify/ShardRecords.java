package dev.mixdown.pipelines.verify;

import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestSpec;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordFilter;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The records of a shard as they are read again: where each stands and which it is. Twenty bytes of
 * memory for each.
 */
final class ShardRecords {
  private final long[] offsets;
  private final int[] lengths;
  private final long[] identities;

  private ShardRecords(int records) {
    offsets = new long[records];
    lengths = new int[records];
    identities = new long[records];
  }

  /**
   * Reads a shard again.
   *
   * @param shard what the manifest says of it
   * @param spec what the manifest was asked for
   * @param planner the version of the planner that made it
   * @return empty where it cannot be read, which is reported elsewhere
   */
  static Optional<ShardRecords> read(
      Storage storage, FileInfo file, Manifest.Shard shard, ManifestSpec spec, int planner)
      throws IOException {
    Optional<ShardFormat> format = ShardFormat.of(shard.format());
    if (format.isEmpty()) {
      return Optional.empty();
    }
    InspectionSpec inspection =
        new InspectionSpec(
            format.get(),
            spec.csv(shard.dataset()),
            false,
            true,
            null,
            null,
            null,
            spec.identityField(),
            RecordFilter.NONE);
    Path folder = Files.createTempDirectory("mixdown-verify");
    Workspace workspace = new Workspace(storage, folder.toString());
    try {
      Inspection found =
          new ShardInspector(workspace, ReadCounter.unseen()).inspect(file, inspection);
      if (found.typed() && planner < 2) {
        // Version 1 took identities of such rows from how they were stored.
        return Optional.empty();
      }
      return Optional.of(
          of(
              workspace.storage(),
              workspace.index(found.sha256(), inspection),
              found.stored() + found.rejectedRecords()));
    } catch (BadShardException e) {
      return Optional.empty();
    } finally {
      remove(folder);
    }
  }

  private static ShardRecords of(Storage storage, String path, long count) throws IOException {
    ShardRecords records = new ShardRecords(Math.toIntExact(count));
    try (IndexReader index = new IndexReader(storage, path)) {
      while (index.next()) {
        for (int i = 0; i < index.size(); i++) {
          records.offsets[index.record(i)] = index.offset(i);
          records.lengths[index.record(i)] = index.length(i);
          records.identities[index.record(i)] = index.identity(i);
        }
      }
    }
    return records;
  }

  /** Whether a row names the record that it says it names. */
  boolean has(Sample sample) {
    int record = sample.record();
    return record >= 0
        && record < identities.length
        && identities[record] == sample.identity()
        && (sample.offset() < 0
            || (offsets[record] == sample.offset() && lengths[record] == sample.length()));
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    }
  }
}
