package dev.mixdown.pipelines.samples;

import dev.mixdown.pipelines.uses.KeptList;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.selection.SelectedShard;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What was selected, as it is kept in a workspace beside the indexes of what is selected. */
final class KeptSelection {
  private KeptSelection() {}

  /** Reads it; empty where it is missing or damaged, or one of its indexes is missing. */
  static Optional<List<SelectedShard>> read(Storage storage, String file) throws IOException {
    Optional<List<SelectedShard>> kept = KeptList.read(storage, file, SelectedShard[].class);
    for (SelectedShard shard : kept.orElse(List.of())) {
      if (storage.stat(shard.index()).isEmpty()) {
        return Optional.empty();
      }
    }
    return kept;
  }
}
