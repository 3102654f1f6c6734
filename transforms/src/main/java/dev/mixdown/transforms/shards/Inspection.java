package dev.mixdown.transforms.shards;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reading of a shard found.
 *
 * @param sha256 of the file as it lies there
 * @param bytes of the file as it lies there
 * @param records that are good
 * @param rejected records that are bad and were left out
 * @param seconds that the reading took
 * @param groups the good records by category and level
 */
public record Inspection(
    String sha256, long bytes, long records, long rejected, double seconds, List<Group> groups)
    implements Serializable {

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
