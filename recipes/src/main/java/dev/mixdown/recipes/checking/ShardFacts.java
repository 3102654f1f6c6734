package dev.mixdown.recipes.checking;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * What the records of one shard have of what a recipe requires. It depends on the shard's bytes
 * alone.
 *
 * @param records how many there are
 * @param present how many of them have a value in each field
 * @param failing those that cannot be used, by reason
 * @param characters how long the others are, in characters
 * @param tokens how long they are by their own {@code num_tokens}, where they have it
 */
public record ShardFacts(
    @JsonProperty("records") long records,
    @JsonProperty("present") Map<String, Long> present,
    @JsonProperty("failing") List<Failing> failing,
    @JsonProperty("characters") Lengths characters,
    @JsonProperty("tokens") Lengths tokens) {
  /** The most records that are named of each reason. */
  public static final int MOST_NAMED = 10;

  /**
   * Records that fail for one reason.
   *
   * @param count how many
   * @param first the numbers of the first ones
   */
  public record Failing(
      @JsonProperty("reason") String reason,
      @JsonProperty("count") long count,
      @JsonProperty("first") List<Long> first) {}
}
