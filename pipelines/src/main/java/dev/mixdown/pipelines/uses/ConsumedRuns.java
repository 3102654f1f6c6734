package dev.mixdown.pipelines.uses;

import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.Workspace;
import dev.mixdown.transforms.uses.UsesOfRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The identities of a manifest's first samples, in files of runs: those of whole parts lie beside
 * them; those of a part that was consumed only to some position are made from its rows, once, and
 * kept in the workspace.
 */
public final class ConsumedRuns {
  private ConsumedRuns() {}

  /**
   * The files; their groups are the numbers of the strata in {@link Uses}.
   *
   * @param consumed how many samples, from the first
   */
  public static List<String> files(Workspace workspace, UsedManifest used, long consumed)
      throws IOException {
    List<String> files = new ArrayList<>();
    List<Manifest.Part> parts = used.manifest().parts();
    for (int p = 0; p < parts.size(); p++) {
      Manifest.Part part = parts.get(p);
      if (part.firstPosition() + part.samples() <= consumed) {
        files.add(used.runs(used.uses().parts().get(p)));
      } else if (part.firstPosition() < consumed) {
        files.add(begun(workspace, used, part, consumed));
      }
    }
    return files;
  }

  private static String begun(
      Workspace workspace, UsedManifest used, Manifest.Part part, long consumed)
      throws IOException {
    Storage storage = workspace.storage();
    String file =
        StoragePath.resolve(
            workspace.folder(), "samples/consumed/%s-%d.runs".formatted(used.id(), consumed));
    if (storage.stat(file).isEmpty()) {
      storage.write(
          file,
          UsesOfRows.before(
              storage,
              StoragePath.resolve(used.folder(), part.path()),
              consumed,
              UsesOfRows.strata(used.manifest())));
    }
    return file;
  }
}
