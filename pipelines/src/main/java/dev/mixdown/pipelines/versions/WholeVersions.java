package dev.mixdown.pipelines.versions;

import dev.mixdown.pipelines.terminal.RecordsOption;
import dev.mixdown.records.DatasetVersion;
import dev.mixdown.records.RecordIndex;
import dev.mixdown.records.RecordKind;
import dev.mixdown.records.RecordStore;
import dev.mixdown.records.VersionCatalog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds versions by hash, with their shards. */
final class WholeVersions {
  private WholeVersions() {}

  /** All that is told of one content, oldest first. */
  static List<DatasetVersion> find(RecordsOption records, String hash) throws IOException {
    RecordStore store = records.store();
    List<DatasetVersion> whole = new ArrayList<>();
    for (DatasetVersion summary :
        new VersionCatalog(RecordIndex.versions(store, records.workspace()), store.folder())
            .find(hash)) {
      store.find(RecordKind.VERSION, summary.id()).ifPresent(whole::add);
    }
    return whole;
  }
}
