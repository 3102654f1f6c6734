package dev.mixdown.transforms;

import dev.mixdown.configs.storage.FileInfo;
import dev.mixdown.transforms.shards.InspectionSpec;
import java.io.Serializable;

/**
 * A shard that the ledger does not know.
 *
 * @param bytes its size when it was listed
 * @param tag the file's tag when it was listed
 */
public record ShardToInspect(
    String path,
    long bytes,
    long modifiedMillis,
    long changedMillis,
    String tag,
    InspectionSpec spec)
    implements Serializable {

  /** A listed file and what is to be found in it. */
  public static ShardToInspect of(FileInfo file, InspectionSpec spec) {
    return new ShardToInspect(
        file.path(), file.bytes(), file.modifiedMillis(), file.changedMillis(), file.tag(), spec);
  }

  FileInfo file() {
    return new FileInfo(path, bytes, modifiedMillis, changedMillis, tag);
  }
}
