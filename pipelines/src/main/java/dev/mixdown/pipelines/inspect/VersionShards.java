package dev.mixdown.pipelines.inspect;

import dev.mixdown.registry.DatasetVersion.Shard;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.InspectedShard;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The shards of a version, from what was found in files. */
public final class VersionShards {
  private VersionShards() {}

  /** A record's shard for each file. */
  public static List<Shard> of(List<InspectedShard> shards) {
    return shards.stream()
        .map(
            shard ->
                new Shard(
                    StoragePath.absolute(shard.file().path()),
                    shard.inspection().sha256(),
                    shard.inspection().bytes(),
                    shard.inspection().stored(),
                    shard.spec().format().toString(),
                    Instant.ofEpochMilli(shard.file().modifiedMillis())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString()))
        .toList();
  }
}
