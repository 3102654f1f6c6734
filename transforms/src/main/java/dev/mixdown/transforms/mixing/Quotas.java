package dev.mixdown.transforms.mixing;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.datasets.Strategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Turns shares into quotas, and gives way where they cannot be met: the stage's strategy says at
 * which total, its {@code shortfall} how.
 */
final class Quotas {
  private final MixSettings settings;
  private final List<Mix.StratumQuota> parts;
  private final Shares shares;
  private final boolean takesAll;
  private final List<String> warnings;
  private final long[] capacities;
  private final String[] reasons;

  /**
   * @param parts the strata, their quotas still open, in the order of {@code shares}
   * @param takesAll whether the total is all there is, unless the stage names one
   * @param warnings takes what had to give way
   */
  Quotas(
      MixSettings settings,
      List<Mix.StratumQuota> parts,
      Shares shares,
      boolean takesAll,
      List<String> warnings) {
    this.settings = settings;
    this.parts = parts;
    this.shares = shares;
    this.takesAll = takesAll;
    this.warnings = warnings;
    this.capacities = parts.stream().mapToLong(Mix.StratumQuota::capacity).toArray();
    this.reasons = new String[parts.size()];
    Arrays.fill(reasons, "");
  }

  /** The parts with their quotas and reasons. */
  List<Mix.StratumQuota> decide() {
    long[] quotas =
        settings.totalClips().isPresent()
            ? atTotal(settings.totalClips().get())
            : atLargestTotal(Long.MAX_VALUE);
    List<Mix.StratumQuota> decided = new ArrayList<>();
    for (int i = 0; i < quotas.length; i++) {
      decided.add(parts.get(i).with(quotas[i], reasons[i]));
    }
    return decided;
  }

  /** The largest total, at most {@code most}, that the strategy can have. */
  private long[] atLargestTotal(long most) {
    if (is(Strategy.UNIMAX)) {
      return unimax(Math.min(most, givable()));
    }
    if (is(Strategy.TARGETED)) {
      long[] quotas = shares.quotas(shares.largestFit(limitsOfHighestPriority(), most));
      long unplaced = fillIn(quotas, false);
      if (unplaced > 0) {
        warnings.add(
            "the datasets together are %,d samples short of what the highest priority would allow"
                .formatted(unplaced));
      }
      return quotas;
    }
    if (takesAll && most >= givable()) {
      return shares.quotas(givable());
    }
    return shares.quotas(shares.largestFit(capacities, most));
  }

  private long[] atTotal(long total) {
    long[] quotas =
        is(Strategy.UNIMAX) && total <= givable() ? unimax(total) : shares.quotas(total);
    if (fit(quotas, capacities)) {
      return quotas;
    }
    if (is(Strategy.TARGETED) && fit(quotas, limitsOfHighestPriority()) && total <= givable()) {
      fillIn(quotas, false);
      return quotas;
    }
    return switch (settings.shortfall()) {
      case FAIL -> throw cannotBeMet(total, quotas, "");
      case SHRINK -> shrink(total, quotas);
      case REDISTRIBUTE -> redistribute(total, quotas);
      case REPEAT -> repeat(total, quotas);
    };
  }

  private long[] shrink(long total, long[] asked) {
    String who = names(tooMuch(asked, capacities));
    long[] quotas = atLargestTotal(total);
    warnings.add(
        "total_clips %,d cannot be met, %s cannot give enough: shrunk to %,d"
            .formatted(total, who, Arrays.stream(quotas).sum()));
    for (int i = 0; i < quotas.length; i++) {
      if (asked[i] > capacities[i]) {
        reasons[i] = "asked for %,d, can give %,d".formatted(asked[i], capacities[i]);
      }
    }
    return quotas;
  }

  private long[] redistribute(long total, long[] quotas) {
    if (total > givable()) {
      throw cannotBeMet(
          total, quotas, "all strata together can give only %,d; ".formatted(givable()));
    }
    fillIn(quotas, true);
    return quotas;
  }

  /**
   * Cuts quotas to the capacities and lets others give what is missing, by priority, then share.
   *
   * @param categoryFirst whether those of the same category are asked before all others
   * @return how many samples nobody could give
   */
  private long fillIn(long[] quotas, boolean categoryFirst) {
    int[] tooShort = tooMuch(quotas, capacities);
    if (tooShort.length == 0) {
      return 0;
    }
    long[] asked = quotas.clone();
    long missing = 0;
    for (int[] category : shares.categories()) {
      long here = 0;
      for (int i : category) {
        here += Math.max(0, asked[i] - capacities[i]);
        quotas[i] = Math.min(asked[i], capacities[i]);
      }
      missing += categoryFirst ? place(here, quotas, category) : here;
    }
    long unplaced = place(missing, quotas, giving());
    for (int i = 0; i < quotas.length; i++) {
      if (quotas[i] < asked[i]) {
        reasons[i] = "asked for %,d, gives all it has".formatted(asked[i]);
      } else if (quotas[i] > asked[i]) {
        reasons[i] = "gives %,d more, for those that are short".formatted(quotas[i] - asked[i]);
      }
    }
    warnings.add("%s cannot give enough: others give what is missing".formatted(names(tooShort)));
    return unplaced;
  }

  /** Passes beyond {@code duplicate}; the cap on a dataset's samples still holds. */
  private long[] repeat(long total, long[] quotas) {
    if (settings.maxClipsPerDataset().isPresent()) {
      long[] limits = new long[quotas.length];
      for (int i = 0; i < limits.length; i++) {
        boolean capped = capacities[i] < byDuplicate(parts.get(i));
        limits[i] = capped ? capacities[i] : Math.max(capacities[i], capShare(i));
      }
      if (!fit(quotas, limits)) {
        throw cannotBeMet(total, quotas, "repeating does not help against max_clips_per_dataset; ");
      }
    }
    for (int i : tooMuch(quotas, capacities)) {
      long passes = (quotas[i] + parts.get(i).records() - 1) / parts.get(i).records();
      reasons[i] =
          "repeated: %d passes, where duplicate %s gives %,d of %,d samples"
              .formatted(
                  passes,
                  parts.get(i).supply().duplicate().toPlainString(),
                  capacities[i],
                  quotas[i]);
    }
    warnings.add(
        "%s cannot give enough without being repeated beyond duplicate"
            .formatted(names(tooMuch(quotas, capacities))));
    return quotas;
  }

  /** A stratum's part of the cap on its dataset's samples. */
  private long capShare(int i) {
    Supply supply = parts.get(i).supply();
    int[] siblings = indices(j -> parts.get(j).supply().equals(supply));
    long[] caps =
        Apportionment.ofCounts(
                Arrays.stream(siblings).mapToLong(j -> parts.get(j).records()).toArray())
            .divide(Math.max(0, settings.maxClipsPerDataset().orElseThrow() - supply.gone()));
    return Math.max(0, caps[Arrays.binarySearch(siblings, i)] - parts.get(i).given().samples());
  }

  /** Equal for every dataset, but none beyond its capacity. */
  private long[] unimax(long total) {
    long[] open = new long[capacities.length];
    for (int i : giving()) {
      open[i] = capacities[i];
    }
    long[] quotas = new Unimax(parts, open).quotas(total);
    long most =
        Arrays.stream(giving())
            .filter(i -> quotas[i] < capacities[i])
            .mapToLong(i -> quotas[i])
            .max()
            .orElse(0);
    for (int i : giving()) {
      if (quotas[i] == capacities[i] && quotas[i] < most) {
        reasons[i] = "gives all it has, which is less than an equal part";
      }
    }
    return quotas;
  }

  /**
   * Places missing seats with those that have room: the highest priority first, inside a priority
   * by share, nobody beyond capacity.
   *
   * @return how many could not be placed
   */
  private long place(long missing, long[] quotas, int[] among) {
    long left = missing;
    for (Priority priority : Priority.values()) {
      while (left > 0) {
        int[] room =
            Arrays.stream(among)
                .filter(i -> parts.get(i).supply().priority() == priority)
                .filter(i -> quotas[i] < capacities[i])
                .toArray();
        if (room.length == 0) {
          break;
        }
        long[] seats =
            new Apportionment(Arrays.stream(room).mapToObj(shares::share).toList()).divide(left);
        for (int i = 0; i < room.length; i++) {
          long taken = Math.min(seats[i], capacities[room[i]] - quotas[room[i]]);
          quotas[room[i]] += taken;
          left -= taken;
        }
      }
    }
    return left;
  }

  /** Names what is short, what it has, and the largest total. */
  private MixException cannotBeMet(long total, long[] quotas, String why) {
    long largest = Arrays.stream(atLargestTotal(total)).sum();
    List<String> problems = new ArrayList<>();
    List<Mix.StratumQuota> shorts = new ArrayList<>();
    for (int i : tooMuch(quotas, capacities)) {
      Mix.StratumQuota part = parts.get(i);
      shorts.add(part.with(quotas[i], ""));
      problems.add(
          "total_clips %,d cannot be met: %s is short, asked for %,d, can give %,d (%,d records x duplicate %s%s%s); %sthe largest total that fits is %,d"
              .formatted(
                  total,
                  part.stratum(),
                  quotas[i],
                  capacities[i],
                  part.records(),
                  part.supply().duplicate().toPlainString(),
                  part.before(),
                  capacities[i] < byDuplicate(part) ? ", capped by max_clips_per_dataset" : "",
                  why,
                  largest));
    }
    return new MixException(problems, new Shortage(shorts, largest));
  }

  private static long byDuplicate(Mix.StratumQuota part) {
    return part.given().capacity(part.supply().duplicate(), part.records());
  }

  private long[] limitsOfHighestPriority() {
    Priority highest =
        Arrays.stream(giving())
            .mapToObj(i -> parts.get(i).supply().priority())
            .min(Priority::compareTo)
            .orElseThrow();
    long[] limits = capacities.clone();
    for (int i = 0; i < limits.length; i++) {
      if (parts.get(i).supply().priority() != highest) {
        limits[i] = Long.MAX_VALUE;
      }
    }
    return limits;
  }

  private boolean is(Strategy strategy) {
    return settings.strategy().equals(Optional.of(strategy));
  }

  /** What those with a share can give together. */
  private long givable() {
    return Arrays.stream(giving()).mapToLong(i -> capacities[i]).sum();
  }

  /** The strata with a share. */
  private int[] giving() {
    return indices(i -> shares.share(i).signum() > 0);
  }

  private static boolean fit(long[] quotas, long[] limits) {
    return tooMuch(quotas, limits).length == 0;
  }

  private static int[] tooMuch(long[] quotas, long[] limits) {
    return IntStream.range(0, quotas.length).filter(i -> quotas[i] > limits[i]).toArray();
  }

  private int[] indices(java.util.function.IntPredicate wanted) {
    return IntStream.range(0, parts.size()).filter(wanted).toArray();
  }

  private String names(int[] indices) {
    return Arrays.stream(indices)
        .mapToObj(i -> parts.get(i).stratum().toString())
        .collect(Collectors.joining(", "));
  }
}
