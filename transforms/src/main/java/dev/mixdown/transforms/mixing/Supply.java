package dev.mixdown.transforms.mixing;

import dev.mixdown.configs.datasets.Priority;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a dataset has, as counted, and what its config says of it.
 *
 * @param dataset its name
 * @param order its place in the dataset index
 * @param duplicate how often each record may be given
 * @param weight its {@code stage_weight}
 * @param priority its {@code sampling_priority}
 * @param groups its records by category and level; at least one, which may have no records
 * @param whyEmpty why it has no records, as the end of a sentence; it matters only where it has
 *     none
 */
public record Supply(
    String dataset,
    int order,
    BigDecimal duplicate,
    Optional<BigDecimal> weight,
    Priority priority,
    List<StratumSupply> groups,
    String whyEmpty) {
  /** A dataset whose files have what they have. */
  public Supply(
      String dataset,
      int order,
      BigDecimal duplicate,
      Optional<BigDecimal> weight,
      Priority priority,
      List<StratumSupply> groups) {
    this(dataset, order, duplicate, weight, priority, groups, "its files have no records");
  }

  /** The same with another {@code duplicate}. */
  Supply with(BigDecimal otherDuplicate) {
    return new Supply(dataset, order, otherDuplicate, weight, priority, groups, whyEmpty);
  }

  /**
   * The records of a dataset that have one category and one level.
   *
   * @param level null where levels do not matter
   * @param difficulty the level's place, easiest 0; -1 without a level
   * @param units how much of the weight unit they are together
   */
  public record StratumSupply(
      String category, @Nullable String level, int difficulty, long records, BigDecimal units) {}

  /** All records. */
  public long records() {
    return groups.stream().mapToLong(StratumSupply::records).sum();
  }
}
