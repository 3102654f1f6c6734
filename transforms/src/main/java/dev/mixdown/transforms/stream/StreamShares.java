package dev.mixdown.transforms.stream;

import dev.mixdown.configs.datasets.Categories;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.configs.online.OnlineRules.Replay;
import dev.mixdown.transforms.mixing.ExactDecimals;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * The shares of a stream's strata: datasets, or with {@code category_field} categories. Weights and
 * ratios are exact decimals, shares exact fractions that add to 1.
 */
public final class StreamShares {
  private final MixSettings mix;
  private final List<DatasetEntry> datasets;

  private StreamShares(DatasetConfig config) {
    this.mix = config.mix();
    this.datasets = config.enabled();
  }

  /**
   * The shares that a config asks for.
   *
   * @param replays those that have something to replay: each has its share, and the rest is scaled
   *     by what they leave
   * @return by stratum, those of 0 too; empty where nothing has a share
   */
  public static Map<String, BigFraction> of(DatasetConfig config, List<Replay> replays) {
    SortedMap<String, BigFraction> parts = new StreamShares(config).parts();
    BigFraction sum = parts.values().stream().reduce(BigFraction.ZERO, BigFraction::add);
    if (sum.signum() == 0) {
      return Map.of();
    }
    BigFraction replayed =
        replays.stream()
            .map(replay -> fraction(replay.share()))
            .reduce(BigFraction.ZERO, BigFraction::add);
    BigFraction scale = BigFraction.ONE.subtract(replayed).divide(sum);
    TreeMap<String, BigFraction> shares = new TreeMap<>();
    parts.forEach((stratum, part) -> shares.put(stratum, part.multiply(scale)));
    replays.forEach(replay -> shares.put(replay.stratum(), fraction(replay.share())));
    return shares;
  }

  /** A share as documents have it: {@code n/d}. */
  public static String text(BigFraction share) {
    return share.getNumerator() + "/" + share.getDenominator();
  }

  private static BigFraction fraction(BigDecimal number) {
    return ExactDecimals.fraction(number);
  }

  /** What part each stratum is to have; together any number. */
  private SortedMap<String, BigFraction> parts() {
    if (mix.categoryField().isPresent()) {
      return ofCategories();
    }
    Optional<Strategy> strategy = mix.strategy();
    boolean named =
        !mix.dataRatio().isEmpty() || datasets.stream().anyMatch(d -> d.weight().isPresent());
    boolean equal =
        strategy.equals(Optional.of(Strategy.UNIFORM)) || (strategy.isEmpty() && !named);
    return equal ? equal() : byCategory(strategy.equals(Optional.of(Strategy.STRATIFIED)));
  }

  /** Every dataset the same, but for those of weight or ratio 0. */
  private SortedMap<String, BigFraction> equal() {
    TreeMap<String, BigFraction> parts = new TreeMap<>();
    for (DatasetEntry dataset : datasets) {
      boolean excluded =
          dataset.weight().filter(w -> w.signum() == 0).isPresent()
              || Optional.ofNullable(mix.dataRatio().get(Categories.of(dataset, mix)))
                  .filter(r -> r.signum() == 0)
                  .isPresent();
      parts.put(dataset.name(), excluded ? BigFraction.ZERO : BigFraction.ONE);
    }
    return parts;
  }

  /** Categories by ratio, else by the weights in them; inside a category by weight, or equal. */
  private SortedMap<String, BigFraction> byCategory(boolean equalInside) {
    TreeMap<String, List<DatasetEntry>> categories = new TreeMap<>();
    for (DatasetEntry dataset : datasets) {
      categories.computeIfAbsent(Categories.of(dataset, mix), c -> new ArrayList<>()).add(dataset);
    }
    TreeMap<String, BigFraction> parts = new TreeMap<>();
    categories.forEach(
        (category, members) -> {
          TreeMap<String, BigFraction> inside = new TreeMap<>();
          for (DatasetEntry member : members) {
            boolean excluded = member.weight().filter(w -> w.signum() == 0).isPresent();
            inside.put(
                member.name(),
                equalInside
                    ? excluded ? BigFraction.ZERO : BigFraction.ONE
                    : member.weight().map(StreamShares::fraction).orElse(BigFraction.ONE));
          }
          BigFraction sum = inside.values().stream().reduce(BigFraction.ZERO, BigFraction::add);
          BigFraction ratio =
              mix.dataRatio().isEmpty()
                  ? sum
                  : Optional.ofNullable(mix.dataRatio().get(category))
                      .map(StreamShares::fraction)
                      .orElse(BigFraction.ZERO);
          inside.forEach(
              (name, part) ->
                  parts.put(
                      name,
                      sum.signum() == 0 ? BigFraction.ZERO : part.multiply(ratio).divide(sum)));
        });
    return parts;
  }

  /** The categories that records say themselves, over all datasets. */
  private SortedMap<String, BigFraction> ofCategories() {
    TreeSet<String> names = new TreeSet<>(mix.dataRatio().keySet());
    names.add(Categories.OTHERS);
    datasets.forEach(d -> d.category().ifPresent(names::add));
    boolean equal =
        mix.dataRatio().isEmpty() || mix.strategy().equals(Optional.of(Strategy.UNIFORM));
    TreeMap<String, BigFraction> parts = new TreeMap<>();
    for (String name : names) {
      BigDecimal ratio = mix.dataRatio().get(name);
      boolean asked = mix.dataRatio().isEmpty() || (ratio != null && ratio.signum() > 0);
      parts.put(
          name,
          !asked ? BigFraction.ZERO : equal || ratio == null ? BigFraction.ONE : fraction(ratio));
    }
    return parts;
  }
}
