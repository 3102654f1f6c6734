package dev.mixdown.transforms.mixing;

import dev.mixdown.configs.datasets.MixSettings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Decides a mix in which samples of others come again. They are strata of their own with the shares
 * that are named; they may repeat passes, and do not size the stage: its own data does, and they
 * take their part beside it.
 */
public final class ReplayMix {
  private ReplayMix() {}

  /**
   * The mix.
   *
   * @param own what the stage's datasets have
   * @param replays what comes again; each has one group
   * @param asked their shares of all samples, each above 0, together below 1
   * @throws MixException when it cannot be made
   */
  public static Mix plan(
      MixSettings settings, List<Supply> own, List<Supply> replays, List<BigDecimal> asked) {
    if (replays.isEmpty()) {
      return MixPlanner.plan(settings, own);
    }
    List<String> problems =
        replays.stream()
            .filter(replay -> replay.records() == 0)
            .map(
                replay ->
                    "%s has a share of the stage, but no records: nothing of it was given"
                        .formatted(replay.dataset()))
            .toList();
    if (!problems.isEmpty()) {
      throw new MixException(problems);
    }
    List<BigFraction> shares = asked.stream().map(ExactDecimals::fraction).toList();
    BigFraction rest =
        BigFraction.ONE.subtract(shares.stream().reduce(BigFraction.ZERO, BigFraction::add));
    // The stage's own data first: of equal remainders it gets the seat.
    Apportionment parts =
        new Apportionment(Stream.concat(Stream.of(rest), shares.stream()).toList());
    Mix mix = MixPlanner.plan(ofOwn(settings, parts), own);
    long[] quotas = parts.divide(total(mix.total(), rest, parts));
    List<Mix.StratumQuota> strata = new ArrayList<>();
    mix.strata().forEach(stratum -> strata.add(stratum.ofPart(rest)));
    List<String> warnings = new ArrayList<>(mix.warnings());
    long total = mix.total();
    for (int r = 0; r < replays.size(); r++) {
      long quota = quotas[r + 1];
      total += quota;
      strata.add(stratum(replays.get(r), shares.get(r), quota));
      if (quota == 0) {
        warnings.add(
            "%s gives no sample: the mix is too small for its share"
                .formatted(replays.get(r).dataset()));
      }
    }
    strata.sort(Comparator.comparing(Mix.StratumQuota::stratum));
    return new Mix(total, List.copyOf(strata), List.copyOf(warnings));
  }

  /** What the stage's own data is asked for, of a total that is for all. */
  private static MixSettings ofOwn(MixSettings settings, Apportionment parts) {
    if (settings.totalClips().isEmpty()) {
      return settings;
    }
    long own = parts.divide(settings.totalClips().get())[0];
    if (own == 0) {
      throw new MixException("total_clips leaves no sample beside replay; raise it");
    }
    return settings.with(settings.maxClipsPerDataset(), Optional.of(own), settings.shortfall());
  }

  /** The largest total in which the stage's own data has no more than its samples. */
  private static long total(long own, BigFraction rest, Apportionment parts) {
    long about =
        BigFraction.of(own).divide(rest).bigDecimalValue(0, RoundingMode.FLOOR).longValueExact();
    return IntStream.rangeClosed(-2, 2)
        .mapToLong(step -> about + 2 - (step + 2))
        .filter(total -> total >= own && parts.divide(total)[0] <= own)
        .findFirst()
        .orElse(own);
  }

  private static Mix.StratumQuota stratum(Supply replay, BigFraction share, long quota) {
    Supply.StratumSupply group = replay.groups().get(0);
    return new Mix.StratumQuota(
        Stratum.of(replay.dataset(), group.category()),
        replay,
        share,
        group.records(),
        Math.max(quota, group.records()),
        quota,
        "");
  }
}
