package dev.mixdown.transforms.records;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one reading of a shard found.
 *
 * @param sha256 of the file as it lies there
 * @param bytes of the file as it lies there
 * @param records that are good, and that no filter leaves out
 * @param rejected records that are bad and were left out, by reason
 * @param filtered good records that a filter leaves out, by the key of the rule
 * @param typed whether its rows have values, such as decimals and times, whose encoding follows
 *     their meaning since planner version 2
 * @param seconds that the reading took
 * @param groups the records by category and level
 */
public record Inspection(
    String sha256,
    long bytes,
    long records,
    Map<String, Long> rejected,
    Map<String, Long> filtered,
    boolean typed,
    double seconds,
    List<Group> groups)
    implements Serializable {

  /** How many records are bad and were left out. */
  public long rejectedRecords() {
    return sum(rejected);
  }

  /** How many good records the file has, those that a filter leaves out included. */
  public long stored() {
    return records + sum(filtered);
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Records of one category and level.
   *
   * @param category the category field's value; null without such a field
   * @param level the level field's value; null without such a field
   * @param bytes of the records together: of lines and rows without their ends, of Parquet rows in
   *     their canonical encoding
   * @param units of the unit field together; 0 without one
   */
  public record Group(
      @Nullable String category, @Nullable String level, long records, long bytes, BigDecimal units)
      implements Serializable {}
}
