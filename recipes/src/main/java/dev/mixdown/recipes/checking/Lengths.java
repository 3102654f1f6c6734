package dev.mixdown.recipes.checking;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.TreeMap;

/**
 * How many records have which length, exactly.
 *
 * @param values lengths, ascending
 * @param counts how many records have each
 */
public record Lengths(
    @JsonProperty("values") List<Long> values, @JsonProperty("counts") List<Long> counts) {
  /** Of no records. */
  public static final Lengths NONE = new Lengths(List.of(), List.of());

  /** These and those. */
  Lengths plus(Lengths others) {
    TreeMap<Long, Long> sums = new TreeMap<>();
    addTo(sums);
    others.addTo(sums);
    return new Lengths(List.copyOf(sums.keySet()), List.copyOf(sums.values()));
  }

  private void addTo(TreeMap<Long, Long> sums) {
    for (int i = 0; i < values.size(); i++) {
      sums.merge(values.get(i), counts.get(i), Long::sum);
    }
  }

  /** How many records there are. */
  public long records() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The smallest length that so many per cent of the records do not exceed (nearest rank); 0
   * without records.
   */
  public long percentile(int percent) {
    long rank = Math.max(1, (records() * percent + 99) / 100);
    for (int i = 0; i < values.size(); i++) {
      rank -= counts.get(i);
      if (rank <= 0) {
        return values.get(i);
      }
    }
    return 0;
  }
}
