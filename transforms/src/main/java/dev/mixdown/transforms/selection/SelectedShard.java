package dev.mixdown.transforms.selection;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * A shard of whose records some are left out, or were given before.
 *
 * @param number the shard's
 * @param index where the index of its selected records lies
 * @param groups by the group's number in that index
 * @param leftOut how many records are left out, by the key of the rule
 */
public record SelectedShard(int number, String index, List<Group> groups, Map<String, Long> leftOut)
    implements Serializable {
  /**
   * Records of one group of the shard's inspection that were given equally often.
   *
   * @param group the group's number in the inspection
   */
  public record Group(int group, int given, long records) implements Serializable {}
}
