package dev.mixdown.pipelines.versions;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.versions.VersionCatalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds versions by hash, with their shards. */
public final class WholeVersions {
  private WholeVersions() {}

  /** All versions of one content, oldest first. */
  public static List<DatasetVersion> find(Registry registry, String workspace, String hash)
      throws IOException {
    List<DatasetVersion> whole = new ArrayList<>();
    for (DatasetVersion summary :
        new VersionCatalog(RegistryIndex.versions(registry, workspace), registry.folder())
            .find(hash)) {
      registry.find(EntryKind.VERSION, summary.id()).ifPresent(whole::add);
    }
    return whole;
  }
}
