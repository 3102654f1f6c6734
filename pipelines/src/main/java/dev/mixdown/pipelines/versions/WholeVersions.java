package dev.mixdown.pipelines.versions;

import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.RecordIndex;
import dev.mixdown.registry.RecordKind;
import dev.mixdown.registry.RecordStore;
import dev.mixdown.registry.VersionCatalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds versions by hash, with their shards. */
public final class WholeVersions {
  private WholeVersions() {}

  /** All that is told of one content, oldest first. */
  public static List<DatasetVersion> find(RecordStore store, String workspace, String hash)
      throws IOException {
    List<DatasetVersion> whole = new ArrayList<>();
    for (DatasetVersion summary :
        new VersionCatalog(RecordIndex.versions(store, workspace), store.folder()).find(hash)) {
      store.find(RecordKind.VERSION, summary.id()).ifPresent(whole::add);
    }
    return whole;
  }
}
