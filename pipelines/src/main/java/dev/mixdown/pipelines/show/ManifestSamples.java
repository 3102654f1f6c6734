package dev.mixdown.pipelines.show;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.manifest.PartReader;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.RecordTexts;
import dev.mixdown.transforms.shards.RecordTexts.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Samples of a manifest, with their records, for people who look at it. */
public final class ManifestSamples {
  private final Storage storage;
  private final ManifestFolder folder;
  private final Manifest manifest;
  private final ReadPermission permission;

  /** Whether a shard may be read; throws where not. */
  public interface ReadPermission {
    /** Whoever may start a process may read what it may. */
    ReadPermission ALL = uri -> {};

    void check(String uri) throws IOException;
  }

  /**
   * @param permission is asked for each shard before its records are read
   */
  public ManifestSamples(Storage storage, ManifestFolder folder, ReadPermission permission) {
    this.storage = storage;
    this.folder = folder;
    this.manifest = folder.manifest();
    this.permission = permission;
  }

  /**
   * What was found.
   *
   * @param manifest the manifest's id
   * @param total its samples
   * @param samples in their order
   */
  public record Outcome(String manifest, long total, List<ShownSample> samples) {
    /** The document that {@code show --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object().put("manifest_id", manifest).put("total", total);
      ArrayNode list = document.putArray("samples");
      samples.forEach(sample -> list.add(sample.json()));
      return document;
    }
  }

  /**
   * Samples that follow one another.
   *
   * @param at the first position that is looked at
   * @param count how many, at most
   * @param dataset only of this dataset
   */
  public Outcome from(long at, long count, Optional<String> dataset) throws IOException {
    return outcome(some(at, count, wanted(dataset)));
  }

  /**
   * The samples of the records with an identity, in their order.
   *
   * @param at the first position that is looked at
   * @param count how many, at most
   */
  public Outcome of(long identity, long at, long count, Optional<String> dataset)
      throws IOException {
    return outcome(some(at, count, wanted(dataset).and(s -> s.identity() == identity)));
  }

  /**
   * The samples of some records, in their order.
   *
   * @param records by the uri of their shard, their numbers
   * @param at the first position that is looked at
   * @param count how many, at most
   */
  public Outcome of(Map<String, BitSet> records, long at, long count, Optional<String> dataset)
      throws IOException {
    BitSet none = new BitSet();
    return outcome(
        some(
            at,
            count,
            wanted(dataset)
                .and(
                    s ->
                        records
                            .getOrDefault(manifest.shards().get(s.shard()).uri(), none)
                            .get(s.record()))));
  }

  private static Predicate<Sample> wanted(Optional<String> dataset) {
    return s -> dataset.isEmpty() || s.dataset().equals(dataset.get());
  }

  /**
   * Samples spread evenly over the manifest: the same ones every time.
   *
   * @param count how many, at most
   * @param dataset of each, the next one that is of this dataset
   */
  public Outcome spread(long count, Optional<String> dataset) throws IOException {
    long total = manifest.samples();
    Map<Long, Sample> samples = new TreeMap<>();
    long steps = Math.min(count, total);
    for (long i = 0; i < steps; i++) {
      // The product of a position and a count that a person types fits.
      long at = Math.multiplyExact(i, total) / steps;
      for (Sample sample : some(at, 1, wanted(dataset))) {
        samples.put(sample.position(), sample);
      }
    }
    return outcome(List.copyOf(samples.values()));
  }

  private List<Sample> some(long at, long count, Predicate<Sample> wanted) throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (Manifest.Part part : manifest.parts()) {
      if (part.firstPosition() + part.samples() > at && samples.size() < count) {
        samples.addAll(PartReader.some(storage, path(part), at, count - samples.size(), wanted));
      }
    }
    return samples;
  }

  private String path(Manifest.Part part) {
    return StoragePath.resolve(folder.path(), part.path());
  }

  private Outcome outcome(List<Sample> samples) throws IOException {
    Map<Integer, List<Wanted>> byShard = new TreeMap<>();
    for (Sample s : samples) {
      byShard
          .computeIfAbsent(s.shard(), shard -> new ArrayList<>())
          .add(new Wanted(s.record(), s.offset(), s.length()));
    }
    Map<Integer, Map<Integer, byte[]>> records = new HashMap<>();
    for (Map.Entry<Integer, List<Wanted>> shard : byShard.entrySet()) {
      records.put(shard.getKey(), read(manifest.shards().get(shard.getKey()), shard.getValue()));
    }
    List<ShownSample> shown = new ArrayList<>();
    for (Sample s : samples) {
      Manifest.Shard shard = manifest.shards().get(s.shard());
      byte[] record = records.getOrDefault(s.shard(), Map.of()).get(s.record());
      if (record == null) {
        throw problem(
            shard.uri(), "has no record %d any more: it has changed".formatted(s.record()));
      }
      shown.add(new ShownSample(s, shard.uri(), record));
    }
    return new Outcome(manifest.id(), manifest.samples(), shown);
  }

  private Map<Integer, byte[]> read(Manifest.Shard shard, List<Wanted> wanted) throws IOException {
    permission.check(shard.uri());
    Optional<FileInfo> file =
        StoragePath.isSupported(shard.uri()) ? storage.stat(shard.uri()) : Optional.empty();
    if (file.isEmpty()) {
      throw problem(shard.uri(), "is not there any more; the manifest was made with it");
    }
    if (file.get().bytes() != shard.bytes()) {
      throw problem(
          shard.uri(),
          "has %,d bytes, and had %,d when the manifest was made: it has changed"
              .formatted(file.get().bytes(), shard.bytes()));
    }
    ShardFormat format =
        ShardFormat.of(shard.format())
            .orElseThrow(() -> problem(shard.uri(), "has a format that is not known"));
    try {
      return new RecordTexts(storage)
          .read(file.get(), format, manifest.spec().csv(shard.dataset()), wanted);
    } catch (BadShardException e) {
      throw new DataException(e.problems());
    }
  }

  private static DataException problem(String path, String message) {
    return new DataException(List.of(DataProblem.of(path, message)));
  }
}
