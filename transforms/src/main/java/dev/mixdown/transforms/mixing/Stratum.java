package dev.mixdown.transforms.mixing;

import java.io.Serializable;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The unit that gets a quota. Strata are ordered by their names, then from easy to hard; every tie
 * between strata goes by this order.
 *
 * @param dataset the dataset's name
 * @param category the category of its records
 * @param level the difficulty level of its records, or null for a stratum without one
 * @param difficulty the level's place in the stage's levels, easiest 0; -1 without a level
 */
public record Stratum(String dataset, String category, @Nullable String level, int difficulty)
    implements Comparable<Stratum>, Serializable {
  private static final Comparator<Stratum> ORDER =
      Comparator.comparing(Stratum::dataset)
          .thenComparing(Stratum::category)
          .thenComparingInt(Stratum::difficulty);

  /** A stratum without a difficulty level. */
  public static Stratum of(String dataset, String category) {
    return new Stratum(dataset, category, null, -1);
  }

  /** This stratum's records of one level. */
  public Stratum at(String level, int difficulty) {
    return new Stratum(dataset, category, level, difficulty);
  }

  @Override
  public int compareTo(Stratum other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return dataset + "/" + category + (level == null ? "" : "/" + level);
  }
}
