package dev.mixdown.pipelines.inspect;

import dev.mixdown.configs.datasets.HeldOut;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.transforms.shards.InspectedShard;
import java.util.List;

/**
 * Data that is held out, with what is in it.
 *
 * @param shards by path; at least one
 */
public record InspectedHeldOut(HeldOut entry, List<InspectedShard> shards) {
  /** The dataset version. */
  public String version() {
    return DatasetVersion.hash(VersionShards.of(shards));
  }

  /** Its records. */
  public long records() {
    return shards.stream().mapToLong(s -> s.inspection().stored()).sum();
  }
}
