package dev.mixdown.transforms.uses;

import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.PartReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the identities of a part again from its rows. */
public final class UsesOfRows {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final UsesWriter.Numbers[] identities;

  /**
   * @param strata what rows tell apart: dataset and category
   */
  private UsesOfRows(List<List<String>> strata) {
    strata.forEach(stratum -> numbers.put(key(stratum.get(0), stratum.get(1)), numbers.size()));
    identities = new UsesWriter.Numbers[strata.size()];
    for (int s = 0; s < identities.length; s++) {
      identities[s] = new UsesWriter.Numbers();
    }
  }

  /** The datasets and categories that give something, in the manifest's order. */
  public static List<List<String>> strata(Manifest manifest) {
    return manifest.strata().stream()
        .filter(stratum -> stratum.quota() > 0)
        .map(stratum -> List.of(stratum.dataset(), stratum.category()))
        .distinct()
        .toList();
  }

  /**
   * Reads a part, and writes the identities of its samples beside it.
   *
   * @param folder the manifest's
   */
  public static WrittenPart write(
      Storage storage, String folder, Manifest.Part part, List<List<String>> strata)
      throws IOException {
    UsesOfRows rows = new UsesOfRows(strata);
    PartReader.read(storage, StoragePath.resolve(folder, part.path()), rows::add);
    return new WrittenPart(part, rows.writer().write(storage, folder, part.path()));
  }

  /**
   * The file of the identities that a part has before a position.
   *
   * @param path the part's
   */
  public static byte[] before(
      Storage storage, String path, long position, List<List<String>> strata) throws IOException {
    UsesOfRows rows = new UsesOfRows(strata);
    PartReader.read(
        storage,
        path,
        sample -> {
          if (sample.position() < position) {
            rows.add(sample);
          }
        });
    return rows.writer().bytes();
  }

  private UsesWriter writer() {
    UsesWriter writer = new UsesWriter();
    for (int s = 0; s < identities.length; s++) {
      writer.add(s, identities[s].values(), identities[s].size());
    }
    return writer;
  }

  private void add(PartReader.Sample sample) throws IOException {
    Integer number = numbers.get(key(sample.dataset(), sample.category()));
    if (number == null) {
      throw new IOException(
          "position %d is of dataset \"%s\" and category \"%s\", which manifest.json does not have"
              .formatted(sample.position(), sample.dataset(), sample.category()));
    }
    identities[number].add(sample.identity());
  }

  private static String key(String dataset, String category) {
    return dataset + "\u0000" + category;
  }
}
