package dev.mixdown.pipelines.leaks;

import dev.mixdown.configs.samples.SampleRules.Content;
import dev.mixdown.storage.Digests;
import dev.mixdown.transforms.shards.Workspace;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A shard that is held out.
 *
 * @param what it is of, for people: {@code validation dataset "v"}
 * @param only the records that count, by number; empty for all
 */
record HeldOutShard(String what, ContentShard shard, BitSet only) {
  /** What identifies the records that are held out. */
  String digest() {
    return only.isEmpty()
        ? shard.sha256()
        : Digests.sha256(shard.sha256() + " " + Arrays.toString(only.toLongArray()));
  }

  /** The same shard, where something else makes the content of records the same. */
  HeldOutShard by(Workspace workspace, Content content) {
    return new HeldOutShard(what, shard.by(workspace, content), only);
  }

  /** A shard of which every record is held out. */
  static HeldOutShard whole(String what, ContentShard shard) {
    return new HeldOutShard(what, shard, new BitSet());
  }
}
