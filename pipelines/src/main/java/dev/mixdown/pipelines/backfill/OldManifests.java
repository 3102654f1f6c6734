package dev.mixdown.pipelines.backfill;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.RegistryEntry;
import dev.mixdown.registry.manifests.Lineage;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.ManifestSpec;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Manifests that were made before their runs were recorded, from what lies beside their parts. */
final class OldManifests {
  private final Storage storage;
  private final List<OldManifest> found = new ArrayList<>();
  private final List<RegistryEntry> entries = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private OldManifests(Storage storage) {
    this.storage = storage;
  }

  /** What lies in a manifest's folder. */
  private record OldManifest(String folder, Manifest manifest, Lineage lineage) {
    /** When it was made, to the second. */
    String made() {
      return lineage.run().endedAt().replaceFirst("\\.\\d+Z$", "Z");
    }
  }

  /** Reads every manifest below a folder. */
  static OldManifests below(Storage storage, String folder) throws IOException {
    OldManifests manifests = new OldManifests(storage);
    for (FileInfo file : storage.below(folder)) {
      if (StoragePath.name(file.path()).equals(Manifest.FILE)) {
        manifests.read(StoragePath.absolute(file.path()));
      }
    }
    if (manifests.found.isEmpty() && manifests.problems.isEmpty()) {
      manifests.problems.add(folder + " holds no manifest");
    }
    // The first that used a version says since when it is known.
    manifests.found.sort(
        Comparator.comparing(OldManifest::made).thenComparing(OldManifest::folder));
    manifests.found.forEach(manifests::add);
    return manifests;
  }

  /** The entries of what was found: versions, runs and manifests. */
  List<RegistryEntry> entries() {
    return entries;
  }

  /** What could not be read, and why. */
  List<String> problems() {
    return problems;
  }

  private void read(String path) throws IOException {
    String folder = StoragePath.folder(path);
    try {
      Optional<byte[]> lineage = storage.read(StoragePath.resolve(folder, Lineage.FILE));
      Optional<byte[]> manifest = storage.read(path);
      if (lineage.isEmpty() || manifest.isEmpty()) {
        problems.add(path + " has no lineage.json beside it, so it is not known when it was made");
        return;
      }
      found.add(
          new OldManifest(folder, Manifest.read(manifest.get()), Lineage.read(lineage.get())));
    } catch (IOException e) {
      problems.add(path + ", or lineage.json beside it, cannot be used" + Causes.inBrackets(e));
    }
  }

  private void add(OldManifest one) {
    Manifest manifest = one.manifest();
    Map<String, List<Shard>> shards = new LinkedHashMap<>();
    for (Manifest.Shard shard : manifest.shards()) {
      shards
          .computeIfAbsent(shard.dataset(), d -> new ArrayList<>())
          .add(
              new Shard(
                  shard.uri(),
                  shard.sha256(),
                  shard.bytes(),
                  shard.records(),
                  shard.format(),
                  null));
    }
    shards.forEach(
        (name, files) -> {
          String first = files.get(0).uri();
          String place = files.size() == 1 ? first : StoragePath.folder(first);
          entries.add(
              DatasetVersion.of(
                  new DatasetVersion.VersionDetails(name, place, null, List.of(), one.made(), true),
                  files));
        });
    entries.add(one.lineage().entry(one.made()));
    entries.add(
        new ManifestEntry(
            manifest.id(),
            one.folder(),
            manifest.stage(),
            manifest.variant(),
            manifest.epoch(),
            manifest.spec().seed(),
            manifest.samples(),
            manifest.format(),
            one.made(),
            shares(manifest),
            one.lineage().run().id(),
            true));
  }

  private static List<ManifestEntry.Share> shares(Manifest manifest) {
    Map<String, Long> samples = manifest.samplesByDataset();
    return manifest.datasets().stream()
        .map(
            dataset ->
                new ManifestEntry.Share(
                    dataset.name(),
                    dataset.version(),
                    manifest
                        .spec()
                        .dataset(dataset.name())
                        .map(ManifestSpec.Dataset::stageWeight)
                        .orElse(null),
                    samples.getOrDefault(dataset.name(), 0L)))
        .toList();
  }
}
