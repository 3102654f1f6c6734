package dev.mixdown.pipelines.arrivals;

import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that was read.
 *
 * @param inspection what was found; null where the file cannot be used
 * @param problems why it cannot be; none where it can
 */
public record FileRead(MatchedShard shard, @Nullable Inspection inspection, List<String> problems)
    implements Serializable {
  static FileRead good(MatchedShard shard, Inspection inspection) {
    return new FileRead(shard, inspection, List.of());
  }

  static FileRead bad(MatchedShard shard, List<String> problems) {
    return new FileRead(shard, null, List.copyOf(problems));
  }
}
