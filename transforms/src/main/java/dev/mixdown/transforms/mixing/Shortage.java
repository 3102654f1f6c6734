package dev.mixdown.transforms.mixing;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Shortfall;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Strata that cannot give what is asked of them, and what would lift that.
 *
 * @param shorts the strata, each with its quota
 * @param largest the largest total that fits
 */
record Shortage(List<Mix.StratumQuota> shorts, long largest) {
  private static final int DECIMALS = 4;

  /** The changes that lift it. The planner has tried each. */
  List<Remedy> remedies(MixSettings settings, List<Supply> supplies) {
    Map<String, BigDecimal> duplicates = new TreeMap<>();
    long cap = 0;
    for (Mix.StratumQuota part : shorts) {
      if (part.records() == 0) {
        continue;
      }
      BigDecimal needed =
          BigDecimal.valueOf(part.quota())
              .divide(BigDecimal.valueOf(part.records()), DECIMALS, RoundingMode.CEILING)
              .stripTrailingZeros();
      if (needed.compareTo(part.supply().duplicate()) > 0) {
        duplicates.merge(part.stratum().dataset(), needed, BigDecimal::max);
      }
      BigFraction whole =
          BigFraction.of(part.quota())
              .multiply(BigFraction.of(part.supply().records()))
              .divide(BigFraction.of(part.records()));
      // The cap is divided among a dataset's strata, which rounds by less than one for each.
      long rounding = part.supply().groups().size() - 1L;
      cap = Math.max(cap, (long) Math.ceil(whole.doubleValue()) + rounding);
    }
    boolean capped = settings.maxClipsPerDataset().map(c -> c < Long.MAX_VALUE).orElse(false);
    List<Remedy> bySupply = new ArrayList<>();
    if (!duplicates.isEmpty()) {
      bySupply.add(Remedy.of(duplicates, Optional.empty()));
    }
    if (capped && cap > settings.maxClipsPerDataset().orElseThrow()) {
      bySupply.add(Remedy.of(Map.of(), Optional.of(cap)));
      if (!duplicates.isEmpty()) {
        bySupply.add(Remedy.of(duplicates, Optional.of(cap)));
      }
    }
    List<Remedy> remedies = new ArrayList<>();
    bySupply.stream()
        .filter(r -> lifts(r, settings, supplies))
        .findFirst()
        .ifPresent(remedies::add);
    for (Shortfall other : List.of(Shortfall.SHRINK, Shortfall.REDISTRIBUTE, Shortfall.REPEAT)) {
      if (other != settings.shortfall() && lifts(Remedy.of(other), settings, supplies)) {
        remedies.add(Remedy.of(other));
      }
    }
    if (largest > 0 && lifts(Remedy.of(largest), settings, supplies)) {
      remedies.add(Remedy.of(largest));
    }
    return remedies;
  }

  private static boolean lifts(Remedy remedy, MixSettings settings, List<Supply> supplies) {
    return MixPlanner.isPossible(remedy.applyTo(settings), remedy.applyTo(supplies));
  }
}
