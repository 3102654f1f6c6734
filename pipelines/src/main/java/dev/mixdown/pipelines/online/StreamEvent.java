package dev.mixdown.pipelines.online;

import dev.mixdown.pipelines.arrivals.FileRead;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What the planner hears of: a pulse, or a file that was read for one.
 *
 * @param pulse whose it is, with how many files were sent for it
 * @param file null for the pulse itself
 */
record StreamEvent(Pulse pulse, @Nullable FileRead file) implements Serializable {
  /** A file that is to be read. */
  record Sent(Pulse pulse, MatchedShard shard) implements Serializable {}
}
