package dev.mixdown.transforms.shards;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.transforms.records.InspectionSpec;
import java.io.Serializable;

/**
 * A shard that was matched: one file, and what is to be found in it.
 *
 * @param dataset that it belongs to; empty for a file that no dataset names
 * @param file as it was listed
 */
public record MatchedShard(String dataset, FileInfo file, InspectionSpec spec)
    implements Serializable {
  /** What tells it from all others: two of the same key have the same inspection. */
  public String key() {
    return key(file.path(), spec.digest());
  }

  /** The key of a file, and of the digest of what is to be found in it. */
  static String key(String path, String spec) {
    return path + "\u0000" + spec;
  }
}
