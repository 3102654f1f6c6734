package dev.mixdown.transforms.content;

import java.io.Serializable;
import java.util.List;

/**
 * A record on one side whose content is that of records on the other.
 *
 * @param shard the number of its shard
 * @param record its number there
 * @param otherShard the number of the first such record's shard on the other side
 * @param otherRecord its number there
 * @param others how many such records there are on the other side
 */
public record Match(int shard, int record, int otherShard, int otherRecord, int others)
    implements Serializable {
  /** The matches of one range. */
  public record Found(int range, List<Match> matches) implements Serializable {}
}
