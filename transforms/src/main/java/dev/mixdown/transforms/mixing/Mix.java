package dev.mixdown.transforms.mixing;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A mix as decided: how many samples every stratum gives.
 *
 * @param total the sum of the quotas
 * @param strata all strata that have records, in their order, also those that give nothing
 * @param warnings what was left out or had to give way, for people
 */
public record Mix(long total, List<StratumQuota> strata, List<String> warnings) {
  /**
   * What one stratum gives.
   *
   * @param supply its dataset
   * @param share the part of the stage that it was to have
   * @param records how many it has
   * @param capacity the most samples that it can give
   * @param quota how many it gives
   * @param reason why the quota is not what the share asks for; empty where it is
   * @param given how often its records were given before
   */
  public record StratumQuota(
      Stratum stratum,
      Supply supply,
      BigFraction share,
      long records,
      long capacity,
      long quota,
      String reason,
      Given given) {
    /** A stratum of which nothing was given before. */
    public StratumQuota(
        Stratum stratum,
        Supply supply,
        BigFraction share,
        long records,
        long capacity,
        long quota,
        String reason) {
      this(stratum, supply, share, records, capacity, quota, reason, Given.NONE);
    }

    /** Passes over all records. */
    public long wholePasses() {
      return records == 0 ? 0 : quota / records;
    }

    /** Samples of the last pass, where that takes only some records. */
    public long rest() {
      return records == 0 ? 0 : quota % records;
    }

    /** All passes, the last one perhaps in part. */
    public long passes() {
      return wholePasses() + (rest() > 0 ? 1 : 0);
    }

    /** What was given before, as the end of a sum in a message; empty where nothing was. */
    String before() {
      return given.samples() == 0
          ? ""
          : String.format(Locale.ROOT, ", %,d given before", given.samples());
    }

    /** The same in a stage of which it is only a part. */
    StratumQuota ofPart(BigFraction part) {
      return new StratumQuota(
          stratum, supply, share.multiply(part), records, capacity, quota, reason, given);
    }

    StratumQuota with(long newQuota, String newReason) {
      return new StratumQuota(
          stratum, supply, share, records, capacity, newQuota, newReason, given);
    }
  }

  /** The samples that a dataset gives. */
  public long samples(String dataset) {
    return of(dataset).mapToLong(StratumQuota::quota).sum();
  }

  /** The share that a dataset was to have. */
  public BigFraction share(String dataset) {
    return of(dataset).map(StratumQuota::share).reduce(BigFraction.ZERO, BigFraction::add);
  }

  private Stream<StratumQuota> of(String dataset) {
    return strata.stream().filter(quota -> quota.stratum().dataset().equals(dataset));
  }

  /** The strata that give something. */
  public List<StratumQuota> giving() {
    return strata.stream().filter(quota -> quota.quota() > 0).toList();
  }
}
