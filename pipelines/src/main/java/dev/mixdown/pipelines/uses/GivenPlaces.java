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
}
