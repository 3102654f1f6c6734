package dev.mixdown.transforms.ordering;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Priority;
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

  /**
   * A stratum that gives something.
   *
   * @param difficulty its level's place, easiest 0; -1 without a level
   * @param order its dataset's place in the index
   */
  public record Giving(String dataset, int difficulty, long quota, Priority priority, int order) {}

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
                        part.supply().order()))
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
      return sequential(strata);
    }
    if (progression && strata.stream().anyMatch(stratum -> stratum.difficulty() >= 0)) {
      return progressive(strata, total);
    }
    return strata.stream().map(stratum -> Target.even(stratum.quota(), total)).toList();
  }

  /** Datasets take consecutive stretches, by priority, then index order. */
  private static List<Target> sequential(List<Giving> strata) {
    Map<String, Long> lengths = new LinkedHashMap<>();
    strata.stream()
        .sorted(Comparator.comparing(Giving::priority).thenComparingInt(Giving::order))
        .forEach(stratum -> lengths.merge(stratum.dataset(), stratum.quota(), Long::sum));
    Map<String, Long> starts = new LinkedHashMap<>();
    long start = 0;
    for (Map.Entry<String, Long> dataset : lengths.entrySet()) {
      starts.put(dataset.getKey(), start);
      start += dataset.getValue();
    }
    List<Target> targets = new ArrayList<>();
    for (Giving stratum : strata) {
      targets.add(
          Target.stretch(
              stratum.quota(),
              starts.getOrDefault(stratum.dataset(), 0L),
              lengths.getOrDefault(stratum.dataset(), 0L)));
    }
    return targets;
  }

  /**
   * Levels take consecutive stretches, easy before hard; strata without a level span the manifest
   * evenly. With N samples in all, L of them in strata with a level, position m is where m * L / N
   * of those should have come; level l's stretch is the part of that count that is its own.
   */
  private static List<Target> progressive(List<Giving> strata, long samples) {
    TreeMap<Integer, Long> levels = new TreeMap<>();
    for (Giving stratum : strata) {
      if (stratum.difficulty() >= 0) {
        levels.merge(stratum.difficulty(), stratum.quota(), Long::sum);
      }
    }
    long levelled = levels.values().stream().mapToLong(Long::longValue).sum();
    BigInteger total = BigInteger.valueOf(samples);
    List<Target> targets = new ArrayList<>();
    for (Giving stratum : strata) {
      int level = stratum.difficulty();
      if (level < 0) {
        targets.add(Target.even(stratum.quota(), samples));
      } else {
        long before = levels.headMap(level).values().stream().mapToLong(Long::longValue).sum();
        targets.add(
            new Target(
                stratum.quota(),
                BigInteger.valueOf(levelled),
                BigInteger.valueOf(before).multiply(total),
                BigInteger.valueOf(levels.getOrDefault(level, 0L)).multiply(total)));
      }
    }
    return targets;
  }
}
