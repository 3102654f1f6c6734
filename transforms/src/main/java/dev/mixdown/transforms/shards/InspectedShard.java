package dev.mixdown.transforms.shards;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import java.io.Serializable;

/**
 * A shard that was inspected.
 *
 * @param fresh whether this run read it; else the ledger knew it
 */
public record InspectedShard(MatchedShard matched, Inspection inspection, boolean fresh)
    implements Serializable {
  /** As it was listed. */
  public FileInfo file() {
    return matched.file();
  }

  /** What was looked for. */
  public InspectionSpec spec() {
    return matched.spec();
  }

  /** What tells it from all others. */
  public String key() {
    return matched.key();
  }
}
