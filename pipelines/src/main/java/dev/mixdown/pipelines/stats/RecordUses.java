package dev.mixdown.pipelines.stats;

import java.util.Arrays;

/**
 * How often each record is used, by shard and number. It takes four bytes for each record of a
 * shard that is used at all.
 */
final class RecordUses {
  private int[][] uses = new int[0][];

  /**
   * A record is used once more.
   *
   * @param shard the shard's number
   * @param record the record's number in it
   * @return how often it was used before
   */
  int add(int shard, int record) {
    if (shard >= uses.length) {
      uses = Arrays.copyOf(uses, Math.max(shard + 1, uses.length * 2));
    }
    int[] records = uses[shard];
    if (records == null) {
      records = new int[Math.max(record + 1, 64)];
      uses[shard] = records;
    } else if (record >= records.length) {
      records = Arrays.copyOf(records, Math.max(record + 1, records.length * 2));
      uses[shard] = records;
    }
    return records[record]++;
  }
}
