package dev.mixdown.pipelines.streams;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestSpec;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Csv;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One increment of a stream as a manifest, for whoever shows the samples of one. Its positions are
 * the stream's.
 */
public final class IncrementManifest {
  private static final String INCREMENTS = "increments";

  private IncrementManifest() {}

  /**
   * The increment that people point at: by its file, or by the stream, of which the one with a
   * position is meant. Empty where there is no stream.
   *
   * @throws ConfigException where the stream does not have the position
   */
  public static Optional<ManifestFolder> at(Storage storage, String path, long position)
      throws IOException {
    String folder = StoragePath.folder(path);
    boolean file = StoragePath.name(folder).equals(INCREMENTS) && path.matches(".*/\\d{10}\\.json");
    Optional<StreamFolder> stream =
        StreamFolder.at(storage, file ? StoragePath.folder(folder) : path);
    Optional<StreamDocument> document =
        stream.isPresent() ? stream.get().document() : Optional.empty();
    if (stream.isEmpty() || document.isEmpty()) {
      return Optional.empty();
    }
    Optional<Increment> increment =
        file
            ? stream.get().increment(Long.parseLong(StoragePath.name(path).substring(0, 10)))
            : holding(stream.get(), document.get(), position);
    if (increment.isEmpty() || increment.get().samples() == 0) {
      throw new ConfigException(
          "the stream",
          path,
          file
              ? "it has no samples"
              : "it has no position %,d yet; online status says how far it is".formatted(position));
    }
    return Optional.of(
        new ManifestFolder(stream.get().path(), manifest(document.get(), increment.get())));
  }

  /** The increment with a position, found by halving: an increment's file says where it begins. */
  private static Optional<Increment> holding(
      StreamFolder stream, StreamDocument document, long position) throws IOException {
    long low = 1;
    long high = Chain.counts(stream, document).state().seq();
    while (low < high) {
      long middle = (low + high) / 2;
      Optional<Increment> one = stream.increment(middle);
      if (one.isPresent() && one.get().positions().to() > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return stream.increment(low).filter(i -> i.positions().to() > position);
  }

  private static Manifest manifest(StreamDocument stream, Increment increment) {
    List<Manifest.Shard> shards = new ArrayList<>();
    Map<String, ManifestSpec.Dataset> datasets = new LinkedHashMap<>();
    for (Shard shard : increment.shards()) {
      shards.add(
          new Manifest.Shard(
              shard.dataset(),
              shard.uri(),
              shard.sha256(),
              shard.bytes(),
              shard.records(),
              shard.format(),
              0));
      datasets.put(
          shard.dataset(),
          new ManifestSpec.Dataset(
              shard.dataset(), BigDecimal.ONE, null, null, null, null, null, csv(shard.csv())));
    }
    List<Manifest.Stratum> strata = new ArrayList<>();
    increment
        .counts()
        .forEach(
            (stratum, counts) ->
                strata.add(
                    new Manifest.Stratum(
                        stratum, stratum, null, null, 0, 0, counts.given(), null, null, null)));
    List<Manifest.Part> parts = new ArrayList<>();
    for (Increment.Part part : increment.parts()) {
      parts.add(
          new Manifest.Part(
              part.path(), part.firstPosition(), part.rows(), part.bytes(), part.sha256()));
    }
    boolean jsonl = increment.parts().stream().anyMatch(p -> p.path().endsWith(".jsonl"));
    return new Manifest(
        Manifest.SCHEMA_VERSION,
        increment.id(),
        stream.stage(),
        null,
        0,
        increment.positions().to(),
        jsonl ? "jsonl" : "parquet",
        increment.planner(),
        null,
        null,
        null,
        spec(stream, List.copyOf(datasets.values())),
        null,
        List.of(),
        List.of(),
        shards,
        strata,
        List.of(),
        null,
        parts,
        Map.of());
  }

  private static ManifestSpec.@Nullable Csv csv(@Nullable Csv csv) {
    return csv == null ? null : new ManifestSpec.Csv(csv.delimiter(), csv.quote(), csv.header());
  }

  private static ManifestSpec spec(StreamDocument stream, List<ManifestSpec.Dataset> datasets) {
    return new ManifestSpec(
        Map.of(),
        null,
        null,
        stream.shuffle(),
        null,
        false,
        stream.seed(),
        null,
        null,
        null,
        stream.categoryField(),
        null,
        List.of(),
        MixSettings.RECORDS,
        stream.identityField(),
        stream.block(),
        stream.block(),
        stream.filtering(),
        null,
        datasets);
  }
}
