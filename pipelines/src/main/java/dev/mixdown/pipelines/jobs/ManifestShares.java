package dev.mixdown.pipelines.jobs;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.uses.KeptList;
import dev.mixdown.pipelines.uses.SharedSamples;
import dev.mixdown.pipelines.uses.UsedManifest;
import dev.mixdown.registry.experience.DataFilter;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.identities.Overlap;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Which part of a manifest's samples other manifests gave too, by identity. What was found is kept
 * in the workspace.
 */
public final class ManifestShares implements DataFilter.Shares {
  private final Workspace workspace;
  private final ManifestFinder finder;
  private final ManifestFolder folder;
  private final Optional<UsedManifest> manifest;

  /**
   * @param folder the manifest that others are compared with
   */
  public ManifestShares(Workspace workspace, ManifestFinder finder, ManifestFolder folder)
      throws IOException {
    this.workspace = workspace;
    this.finder = finder;
    this.folder = folder;
    this.manifest = used(folder);
  }

  /** How many samples each dataset version of the manifest gave. */
  public Map<String, Long> samplesByVersion() {
    Map<String, Long> given = folder.manifest().samplesByDataset();
    Map<String, Long> samples = new HashMap<>();
    folder
        .manifest()
        .datasets()
        .forEach(d -> samples.merge(d.version(), given.getOrDefault(d.name(), 0L), Long::sum));
    return samples;
  }

  @Override
  public OptionalDouble of(String other) throws IOException {
    if (manifest.isEmpty()) {
      return OptionalDouble.empty();
    }
    String kept =
        StoragePath.resolve(
            workspace.folder(), "samples/shared/%s-%s.json".formatted(manifest.get().id(), other));
    Optional<List<Double>> known = KeptList.read(workspace.storage(), kept, Double[].class);
    if (known.isPresent() && known.get().size() == 1) {
      return OptionalDouble.of(known.get().get(0));
    }
    Optional<UsedManifest> found = find(other);
    if (found.isEmpty() || !SharedSamples.areComparable(manifest.get(), found.get())) {
      return OptionalDouble.empty();
    }
    Overlap overlap =
        SharedSamples.of(workspace, RunnerSettings.DIRECT, manifest.get(), found.get());
    double share = (double) overlap.held() / manifest.get().manifest().samples();
    KeptList.write(workspace.storage(), kept, List.of(share));
    return OptionalDouble.of(share);
  }

  private Optional<UsedManifest> find(String id) throws IOException {
    try {
      return used(finder.find(id));
    } catch (ConfigException e) {
      // It was pruned: its versions are all that is known of it.
      return Optional.empty();
    }
  }

  private Optional<UsedManifest> used(ManifestFolder found) throws IOException {
    try {
      return Optional.of(UsedManifest.of(workspace.storage(), found));
    } catch (DataException e) {
      // An earlier version made it, and nobody has run rebuild-uses.
      return Optional.empty();
    }
  }
}
