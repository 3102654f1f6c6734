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
 * @param gone samples that it gave in a stage that this one continues, of records that it does not
 *     have any more: the cap counts them
 * @param replay whether its records are samples that come again, evenly over the whole stage
 */
public record Supply(
    String dataset,
    int order,
    BigDecimal duplicate,
    Optional<BigDecimal> weight,
    Priority priority,
    List<StratumSupply> groups,
    String whyEmpty,
    long gone,
    boolean replay) {
  /** A dataset whose files have what they have. */
  public Supply(
      String dataset,
      int order,
      BigDecimal duplicate,
      Optional<BigDecimal> weight,
      Priority priority,
      List<StratumSupply> groups) {
    this(
        dataset, order, duplicate, weight, priority, groups, "its files have no records", 0, false);
  }

  /** The same with another {@code duplicate}. */
  Supply with(BigDecimal otherDuplicate) {
    return new Supply(
        dataset, order, otherDuplicate, weight, priority, groups, whyEmpty, gone, replay);
  }

  /**
   * The records of a dataset that have one category and one level.
   *
   * @param level null where levels do not matter
   * @param difficulty the level's place, easiest 0; -1 without a level
   * @param units how much of the weight unit the records that were measured are together
   * @param measured how many those are: the records before any was left out because of other stages
   * @param given how often they were given before
   */
  public record StratumSupply(
      String category,
      @Nullable String level,
      int difficulty,
      long records,
      BigDecimal units,
      long measured,
      Given given) {
    /** Records that were all measured, none of which was given before. */
    public StratumSupply(
        String category, @Nullable String level, int difficulty, long records, BigDecimal units) {
      this(category, level, difficulty, records, units, records, Given.NONE);
    }

    /** The same, given before. */
    public StratumSupply with(Given before) {
      return new StratumSupply(category, level, difficulty, records, units, measured, before);
    }
  }

  /** All records. */
  public long records() {
    return groups.stream().mapToLong(StratumSupply::records).sum();
  }
}
