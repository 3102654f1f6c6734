package dev.mixdown.pipelines.uses;

import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.PartReader;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Which records a manifest gave: their places, read from its rows. */
public final class GivenPlaces {
  private GivenPlaces() {}

  /** By shard number, the numbers of the records that were given. */
  public static Map<Integer, BitSet> all(Storage storage, String folder, Manifest manifest)
      throws IOException {
    Map<Integer, BitSet> given = new HashMap<>();
    for (Manifest.Part part : manifest.parts()) {
      PartReader.read(
          storage,
          StoragePath.resolve(folder, part.path()),
          sample -> given.computeIfAbsent(sample.shard(), s -> new BitSet()).set(sample.record()));
    }
    return given;
  }

  /**
   * A record that was given.
   *
   * @param times how often
   * @param identity its own
   * @param position of its first sample
   */
  public record Given(int times, long identity, long position) {}

  /**
   * Those of some records that were given among the first samples.
   *
   * @param wanted by shard number, the records' numbers
   * @param consumed how many samples are looked at
   * @return by shard and record
   */
  public static Map<Place, Given> some(
      Storage storage, String folder, Manifest manifest, Map<Integer, BitSet> wanted, long consumed)
      throws IOException {
    Map<Place, Given> given = new HashMap<>();
    for (Manifest.Part part : manifest.parts()) {
      if (wanted.isEmpty() || part.firstPosition() >= consumed) {
        break;
      }
      PartReader.read(
          storage,
          StoragePath.resolve(folder, part.path()),
          sample -> {
            BitSet records = wanted.get(sample.shard());
            if (records != null && records.get(sample.record()) && sample.position() < consumed) {
              given.merge(
                  new Place(sample.shard(), sample.record()),
                  new Given(1, sample.identity(), sample.position()),
                  (a, b) -> new Given(a.times() + 1, a.identity(), a.position()));
            }
          });
    }
    return given;
  }

  /** Where a record is: its shard's number, and its own. */
  public record Place(int shard, int record) {}
}
