package dev.mixdown.pipelines.stats;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.uses.ModelManifests;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.PartReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * How often the records of datasets were given, over one or several manifests. A record is a place:
 * a shard, known by its content, and the record's number in it.
 *
 * @param manifests those that were counted, each as far as it was consumed
 * @param datasets by name
 */
public record Exposure(List<Counted> manifests, List<OfDataset> datasets) {
  /**
   * A manifest that was counted.
   *
   * @param samples how many of its samples
   * @param counted whether a training has counted them; else all are taken
   */
  public record Counted(String manifestId, long samples, boolean counted) {}

  /**
   * What was given of a dataset.
   *
   * @param records all good ones of its shards
   * @param samples how many were given
   * @param times how many records were given never, once, twice and so on
   */
  public record OfDataset(String dataset, long records, long samples, List<Long> times) {
    /** How many records were given that often. */
    public long given(int often) {
      return often < times.size() ? times.get(often) : 0;
    }

    /** How many records were given that often, or more often still. */
    public long givenAtLeast(int often) {
      return times.stream().skip(often).mapToLong(Long::longValue).sum();
    }
  }

  /**
   * A manifest as far as it was consumed.
   *
   * @param samples from the first
   * @param counted whether a training has counted them
   */
  public record Consumed(ManifestFolder folder, long samples, boolean counted) {
    /** All of a manifest. */
    public static Consumed whole(ManifestFolder folder) {
      return new Consumed(folder, folder.manifest().samples(), false);
    }

    /** As much of a manifest as trainings took on the way to a model. */
    public static Consumed of(ModelManifests.Followed followed, ManifestFolder folder) {
      long all = folder.manifest().samples();
      return new Consumed(
          folder, Math.min(all, followed.consumed().orElse(all)), followed.consumed().isPresent());
    }
  }

  /** Counts. */
  public static Exposure of(Storage storage, List<Consumed> consumed) throws IOException {
    Count count = new Count();
    List<Counted> counted = new ArrayList<>();
    for (Consumed one : consumed) {
      count.add(storage, one);
      counted.add(new Counted(one.folder().manifest().id(), one.samples(), one.counted()));
    }
    return new Exposure(counted, count.datasets());
  }

  private static final class Count {
    private final RecordUses uses = new RecordUses();

    /** By a shard's SHA-256, its number among all. */
    private final Map<String, Integer> numbers = new HashMap<>();

    private final List<Times> ofShard = new ArrayList<>();
    private final Map<String, Times> ofDataset = new TreeMap<>();

    void add(Storage storage, Consumed consumed) throws IOException {
      Manifest manifest = consumed.folder().manifest();
      int[] number = new int[manifest.shards().size()];
      for (int s = 0; s < number.length; s++) {
        number[s] = number(manifest.shards().get(s));
      }
      for (Manifest.Part part : manifest.parts()) {
        if (part.firstPosition() < consumed.samples()) {
          PartReader.read(
              storage,
              StoragePath.resolve(consumed.folder().path(), part.path()),
              sample -> {
                if (sample.position() < consumed.samples()) {
                  add(number[sample.shard()], sample.record());
                }
              });
        }
      }
    }

    /** The same shard in several manifests is one. */
    private int number(Manifest.Shard shard) {
      Integer known = numbers.get(shard.sha256());
      if (known != null) {
        return known;
      }
      numbers.put(shard.sha256(), ofShard.size());
      Times times = ofDataset.computeIfAbsent(shard.dataset(), d -> new Times());
      times.records += shard.records();
      ofShard.add(times);
      return ofShard.size() - 1;
    }

    private void add(int shard, int record) {
      ofShard.get(shard).add(uses.add(shard, record));
    }

    List<OfDataset> datasets() {
      List<OfDataset> datasets = new ArrayList<>();
      ofDataset.forEach((dataset, times) -> datasets.add(times.of(dataset)));
      return datasets;
    }
  }

  /** What is given of a dataset, while it is counted. */
  private static final class Times {
    private long records;
    private long samples;

    /** How many records are given once, twice and so on, from 0 for once. */
    private long[] given = new long[4];

    /**
     * @param before how often the record was given before
     */
    void add(int before) {
      samples++;
      if (before == given.length) {
        given = Arrays.copyOf(given, 2 * before);
      }
      given[before]++;
      if (before > 0) {
        given[before - 1]--;
      }
    }

    OfDataset of(String dataset) {
      List<Long> times = new ArrayList<>();
      times.add(records - LongStream.of(given).sum());
      LongStream.of(given).forEach(times::add);
      return new OfDataset(dataset, records, samples, times);
    }
  }

  /** The document that {@code exposure --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    ArrayNode counted = document.putArray("manifests");
    for (Counted one : manifests) {
      counted
          .addObject()
          .put("manifest_id", one.manifestId())
          .put("samples", one.samples())
          .put("counted", one.counted());
    }
    ArrayNode list = document.putArray("datasets");
    for (OfDataset dataset : datasets) {
      ObjectNode one =
          list.addObject()
              .put("dataset", dataset.dataset())
              .put("records", dataset.records())
              .put("samples", dataset.samples());
      ArrayNode times = one.putArray("uses");
      for (int often = 0; often < dataset.times().size(); often++) {
        if (dataset.given(often) > 0) {
          times.addObject().put("times", often).put("records", dataset.given(often));
        }
      }
    }
    return document;
  }
}
