package dev.mixdown.pipelines.uses;

import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.ParallelWork;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.Overlap;
import dev.mixdown.transforms.selection.Selecting;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/** What the samples of two manifests have in common, by identity. */
public final class SharedSamples {
  private SharedSamples() {}

  /** The overlap of one range. */
  private record OfRange(int range, Overlap samples) implements Serializable {}

  /** Whether both manifests identify records alike: else nothing can be said by identity. */
  public static boolean areComparable(UsedManifest first, UsedManifest second) {
    return Objects.equals(first.uses().identityField(), second.uses().identityField());
  }

  /** Counts them. */
  public static Overlap of(
      Workspace workspace, RunnerSettings runner, UsedManifest first, UsedManifest second)
      throws IOException {
    List<String> a = files(first);
    List<String> b = files(second);
    int bits = Selecting.rangeBits(first.manifest().samples() + second.manifest().samples());
    if (bits == 0) {
      return Overlap.ofRange(workspace.storage(), a, b, 0, 0);
    }
    return new ParallelWork(workspace, runner)
            .results(
                "overlap",
                Selecting.ranges(bits),
                OfRange.class,
                of -> String.valueOf(of.range()),
                (Storage storage, Integer range) ->
                    new OfRange(range, Overlap.ofRange(storage, a, b, range, bits)))
            .stream()
            .map(OfRange::samples)
            .reduce(Overlap.NONE, Overlap::plus);
  }

  private static List<String> files(UsedManifest used) {
    return used.uses().parts().stream().map((Uses.Part part) -> used.runs(part)).toList();
  }
}
