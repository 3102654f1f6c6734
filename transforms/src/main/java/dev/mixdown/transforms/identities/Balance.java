package dev.mixdown.transforms.identities;

import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the records of a stratum went: into what a training has consumed, into what a manifest
 * gives after that, or nowhere yet. With the number of passes p, {@code consumed + given + left
 * over = p x version}.
 *
 * @param version the records of the dataset version
 * @param passes the most often that any record was consumed and given together
 * @param consumed the samples that were consumed, of these records
 * @param given the samples that come after them
 * @param leftOver what is left until every record was used so often as {@code passes} says; found
 *     record by record, and not as the difference of the others
 * @param foreign samples that were given, of records that the version does not have: none in a
 *     sound manifest
 */
public record Balance(
    Tally version, long passes, Tally consumed, Tally given, Tally leftOver, Tally foreign)
    implements Serializable {
  /** Of no records. */
  public static final Balance NONE =
      new Balance(Tally.NONE, 0, Tally.NONE, Tally.NONE, Tally.NONE, Tally.NONE);

  /**
   * What is compared. The numbers of the groups of {@code version} and {@code given} are strata;
   * those of {@code consumed} are datasets, because a record may have been in another stratum then.
   *
   * @param dataset by stratum, the number of its dataset
   * @param datasets how many there are; one may have no stratum
   */
  public record Input(
      List<RunsOf> version, List<RunsOf> consumed, List<RunsOf> given, int[] dataset, int datasets)
      implements Serializable {}

  /**
   * The balances of one range of identities.
   *
   * @param strata by number
   * @param gone by number of the dataset, what was consumed of records that it does not have any
   *     more
   */
  public record OfRange(List<Balance> strata, List<Tally> gone) implements Serializable {
    /** Both ranges together. */
    public OfRange plus(OfRange other) {
      List<Balance> balances = new ArrayList<>();
      for (int s = 0; s < strata.size(); s++) {
        balances.add(strata.get(s).plus(other.strata.get(s)));
      }
      List<Tally> all = new ArrayList<>();
      for (int d = 0; d < gone.size(); d++) {
        all.add(gone.get(d).plus(other.gone.get(d)));
      }
      return new OfRange(List.copyOf(balances), List.copyOf(all));
    }
  }

  /**
   * Balances the records whose identities lie in one range.
   *
   * @param range the highest bits of the identities
   * @param rangeBits how many bits those are
   */
  public static OfRange ofRange(Storage storage, Input input, int range, int rangeBits)
      throws IOException {
    return new RangeBalance(input).balance(storage, range, rangeBits);
  }

  /** Both together: what is left over of one counts up to the passes of the other. */
  public Balance plus(Balance other) {
    long most = Math.max(passes, other.passes);
    return new Balance(
        version.plus(other.version),
        most,
        consumed.plus(other.consumed),
        given.plus(other.given),
        leftOverAt(most).plus(other.leftOverAt(most)),
        foreign.plus(other.foreign));
  }

  private Tally leftOverAt(long most) {
    return leftOver.plus(version.times(most - passes));
  }

  /** Whether nothing is lost and nothing is there twice. */
  public boolean holds() {
    return foreign.count() == 0
        && consumed.plus(given).plus(leftOver).equals(version.times(passes));
  }
}
