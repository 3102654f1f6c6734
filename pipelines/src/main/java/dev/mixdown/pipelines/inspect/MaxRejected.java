package dev.mixdown.pipelines.inspect;

import dev.mixdown.configs.syntax.Numbers;
import dev.mixdown.transforms.bytes.DataProblem;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many bad records a dataset may have before a run fails, although bad records are left out.
 *
 * @param bound a number of records, or per cent of all records, bad ones included
 * @param percent which of the two
 */
public record MaxRejected(BigDecimal bound, boolean percent) implements Serializable {
  /** One in a hundred. */
  public static final MaxRejected DEFAULT = new MaxRejected(BigDecimal.ONE, true);

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Reads {@code 20} or {@code 0.5%}; empty when it is neither. */
  public static Optional<MaxRejected> parse(String text) {
    boolean percent = text.endsWith("%");
    try {
      BigDecimal bound =
          Numbers.parse(percent ? text.substring(0, text.length() - 1).strip() : text.strip());
      boolean possible =
          bound.signum() >= 0
              && (percent
                  ? bound.compareTo(HUNDRED) <= 0
                  : bound.stripTrailingZeros().scale() <= 0);
      return possible ? Optional.of(new MaxRejected(bound, percent)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A problem for each dataset that has more bad records than that. */
  public List<DataProblem> problems(List<InspectedDataset> datasets) {
    List<DataProblem> problems = new ArrayList<>();
    for (InspectedDataset dataset : datasets) {
      long bad = dataset.rejectedRecords();
      long all = dataset.stored() + bad;
      if (bad > 0 && isBeyond(bad, all)) {
        problems.add(
            DataProblem.of(
                dataset.shards().get(0).file().path(),
                "%s of dataset \"%s\" are bad, more than --max-rejected %s allows: %s; mend them, or raise it"
                    .formatted(
                        bad == all
                            ? "all %,d records".formatted(all)
                            : "%,d of %,d records".formatted(bad, all),
                        dataset.entry().name(),
                        this,
                        Notes.reasons(dataset.rejected()))));
      }
    }
    return problems;
  }

  private boolean isBeyond(long bad, long all) {
    BigDecimal limit = percent ? bound.multiply(BigDecimal.valueOf(all)).divide(HUNDRED) : bound;
    return BigDecimal.valueOf(bad).compareTo(limit) > 0;
  }

  @Override
  public String toString() {
    return bound.toPlainString() + (percent ? "%" : "");
  }
}
