package dev.mixdown.pipelines.diff;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.uses.SharedSamples;
import dev.mixdown.pipelines.uses.UsedManifest;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.identities.Overlap;
import dev.mixdown.transforms.manifest.PartReader;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.Locale;

/**
 * What the samples of two manifests have in common: how many are in both, in one only, and at the
 * same position. A sample is counted as often as it is given.
 *
 * @param samePosition the positions at which both have a record of one identity
 */
public record ManifestOverlap(Overlap samples, long samePosition) {
  /**
   * Compares two manifests.
   *
   * @throws ConfigException when their records are not identified alike
   */
  public static ManifestOverlap of(
      Workspace workspace, RunnerSettings runner, ManifestFolder a, ManifestFolder b)
      throws IOException {
    Storage storage = workspace.storage();
    UsedManifest first = UsedManifest.of(storage, a);
    UsedManifest second = UsedManifest.of(storage, b);
    if (!SharedSamples.areComparable(first, second)) {
      throw new ConfigException(
          "the manifests",
          a.path(),
          "manifest %s identifies records %s, manifest %s %s; their samples cannot be compared by identity"
              .formatted(
                  first.id(),
                  first.identityDefinition(),
                  second.id(),
                  second.identityDefinition()));
    }
    return new ManifestOverlap(
        SharedSamples.of(workspace, runner, first, second), samePosition(storage, a, b));
  }

  private static long samePosition(Storage storage, ManifestFolder a, ManifestFolder b)
      throws IOException {
    long same = 0;
    for (Manifest.Part part : a.manifest().parts()) {
      long[] identities = new long[Math.toIntExact(part.samples())];
      PartReader.read(
          storage,
          StoragePath.resolve(a.path(), part.path()),
          s -> identities[(int) (s.position() - part.firstPosition())] = s.identity());
      for (Manifest.Part other : b.manifest().parts()) {
        if (other.firstPosition() < part.firstPosition() + part.samples()
            && part.firstPosition() < other.firstPosition() + other.samples()) {
          long[] count = {0};
          PartReader.read(
              storage,
              StoragePath.resolve(b.path(), other.path()),
              s -> {
                long at = s.position() - part.firstPosition();
                if (at >= 0 && at < identities.length && identities[(int) at] == s.identity()) {
                  count[0]++;
                }
              });
          same += count[0];
        }
      }
    }
    return same;
  }

  /** A sentence. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "Samples: %,d in both, %,d only in A, %,d only in B; %,d at the same position",
        samples.both(),
        samples.onlyFirst(),
        samples.onlySecond(),
        samePosition);
  }

  /** The document of it. */
  public ObjectNode json() {
    return Json.object()
        .put("in_both", samples.both())
        .put("only_in_a", samples.onlyFirst())
        .put("only_in_b", samples.onlySecond())
        .put("same_position", samePosition);
  }
}
