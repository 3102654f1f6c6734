package dev.mixdown.transforms.ordering;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.transforms.mixing.Mix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the targets of a mix. At every position they add to that position, whichever of the three
 * forms they have: even, one dataset after the other, or easy before hard.
 */
public final class Targets {
  private Targets() {}

  /** The targets of the strata that give something, in their order. */
  public static List<Target> of(Mix mix, MixSettings settings) {
    if (settings.strategy().equals(Optional.of(Strategy.SEQUENTIAL))) {
      return sequential(mix);
    }
    if (settings.difficultyProgression()
        && mix.giving().stream().anyMatch(part -> part.stratum().level() != null)) {
      return progressive(mix);
    }
    return mix.giving().stream().map(part -> Target.even(part.quota(), mix.total())).toList();
  }

  /** Datasets take consecutive stretches, by priority, then index order. */
  private static List<Target> sequential(Mix mix) {
    Map<String, Long> lengths = new LinkedHashMap<>();
    mix.giving().stream()
        .sorted(
            Comparator.comparing((Mix.StratumQuota part) -> part.supply().priority())
                .thenComparingInt(part -> part.supply().order()))
        .forEach(part -> lengths.merge(part.stratum().dataset(), part.quota(), Long::sum));
    Map<String, Long> starts = new LinkedHashMap<>();
    long start = 0;
    for (Map.Entry<String, Long> dataset : lengths.entrySet()) {
      starts.put(dataset.getKey(), start);
      start += dataset.getValue();
    }
    List<Target> targets = new ArrayList<>();
    for (Mix.StratumQuota part : mix.giving()) {
      String dataset = part.stratum().dataset();
      targets.add(
          Target.stretch(
              part.quota(), starts.getOrDefault(dataset, 0L), lengths.getOrDefault(dataset, 0L)));
    }
    return targets;
  }

  /**
   * Levels take consecutive stretches, easy before hard; strata without a level span the manifest
   * evenly. With N samples in all, L of them in strata with a level, position m is where m * L / N
   * of those should have come; level l's stretch is the part of that count that is its own.
   */
  private static List<Target> progressive(Mix mix) {
    TreeMap<Integer, Long> levels = new TreeMap<>();
    for (Mix.StratumQuota part : mix.giving()) {
      if (part.stratum().difficulty() >= 0) {
        levels.merge(part.stratum().difficulty(), part.quota(), Long::sum);
      }
    }
    long levelled = levels.values().stream().mapToLong(Long::longValue).sum();
    BigInteger total = BigInteger.valueOf(mix.total());
    List<Target> targets = new ArrayList<>();
    for (Mix.StratumQuota part : mix.giving()) {
      int level = part.stratum().difficulty();
      if (level < 0) {
        targets.add(Target.even(part.quota(), mix.total()));
      } else {
        long before = levels.headMap(level).values().stream().mapToLong(Long::longValue).sum();
        targets.add(
            new Target(
                part.quota(),
                BigInteger.valueOf(levelled),
                BigInteger.valueOf(before).multiply(total),
                BigInteger.valueOf(levels.getOrDefault(level, 0L)).multiply(total)));
      }
    }
    return targets;
  }
}
