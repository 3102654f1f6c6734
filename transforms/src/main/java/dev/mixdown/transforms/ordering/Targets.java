package dev.mixdown.transforms.ordering;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.transforms.mixing.Mix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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

  /**
   * A stratum that gives something.
   *
   * @param difficulty its level's place, easiest 0; -1 without a level
   * @param order its dataset's place in the index
   * @param spans whether it spans the manifest evenly, whatever the others do
   */
  public record Giving(
      String dataset, int difficulty, long quota, Priority priority, int order, boolean spans) {}

  /** The targets of the strata that give something, in their order. */
  public static List<Target> of(Mix mix, MixSettings settings) {
    return of(
        mix.giving().stream()
            .map(
                part ->
                    new Giving(
                        part.stratum().dataset(),
                        part.stratum().difficulty(),
                        part.quota(),
                        part.supply().priority(),
                        part.supply().order(),
                        part.supply().replay()))
            .toList(),
        settings.strategy().equals(Optional.of(Strategy.SEQUENTIAL)),
        settings.difficultyProgression());
  }

  /**
   * The targets of strata, in their order.
   *
   * @param sequential whether datasets follow one another
   * @param progression whether easy comes before hard; without any level, nothing does
   */
  public static List<Target> of(List<Giving> strata, boolean sequential, boolean progression) {
    long total = strata.stream().mapToLong(Giving::quota).sum();
    if (sequential) {
      return stretches(strata, total, stretchOfDataset(strata));
    }
    if (progression && strata.stream().anyMatch(stratum -> stratum.difficulty() >= 0)) {
      return stretches(
          strata,
          total,
          strata.stream().map(stratum -> stratum.spans() ? -1 : stratum.difficulty()).toList());
    }
    return strata.stream().map(stratum -> Target.even(stratum.quota(), total)).toList();
  }

  /** By stratum, which stretch its dataset takes: by priority, then index order. */
  private static List<Integer> stretchOfDataset(List<Giving> strata) {
    Map<String, Integer> stretches = new HashMap<>();
    strata.stream()
        .filter(stratum -> !stratum.spans())
        .sorted(Comparator.comparing(Giving::priority).thenComparingInt(Giving::order))
        .forEach(stratum -> stretches.putIfAbsent(stratum.dataset(), stretches.size()));
    return strata.stream()
        .map(stratum -> stratum.spans() ? -1 : stretches.getOrDefault(stratum.dataset(), -1))
        .toList();
  }

  /**
   * Strata take consecutive stretches; those without one span the manifest evenly. With N samples
   * in all, L of them in strata with a stretch, position m is where m * L / N of those should have
   * come; each stretch is the part of that count that is its own.
   *
   * @param stretchOf by stratum, its stretch, the first 0; below 0 for one that spans
   */
  private static List<Target> stretches(
      List<Giving> strata, long samples, List<Integer> stretchOf) {
    TreeMap<Integer, Long> lengths = new TreeMap<>();
    for (int s = 0; s < strata.size(); s++) {
      if (stretchOf.get(s) >= 0) {
        lengths.merge(stretchOf.get(s), strata.get(s).quota(), Long::sum);
      }
    }
    long inStretches = lengths.values().stream().mapToLong(Long::longValue).sum();
    BigInteger total = BigInteger.valueOf(samples);
    List<Target> targets = new ArrayList<>();
    for (int s = 0; s < strata.size(); s++) {
      int stretch = stretchOf.get(s);
      if (stretch < 0) {
        targets.add(Target.even(strata.get(s).quota(), samples));
      } else {
        long before = lengths.headMap(stretch).values().stream().mapToLong(Long::longValue).sum();
        targets.add(
            new Target(
                strata.get(s).quota(),
                BigInteger.valueOf(inStretches),
                BigInteger.valueOf(before).multiply(total),
                BigInteger.valueOf(lengths.getOrDefault(stretch, 0L)).multiply(total)));
      }
    }
    return targets;
  }
}
