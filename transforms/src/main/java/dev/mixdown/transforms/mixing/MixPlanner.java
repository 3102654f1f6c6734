package dev.mixdown.transforms.mixing;

import ch.obermuhlner.math.big.BigDecimalMath;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Strategy;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Decides a mix: from what a stage asks for and what its datasets have, to every stratum's quota.
 *
 * <p>The way is always the same: strata with their capacities; the shares that the strategy gives
 * them; quotas at the total asked for, or at the largest that fits; what gives way where that
 * cannot be met; and last, quotas divided among difficulty levels. All of it is exact.
 */
public final class MixPlanner {
  /** Digits of an irrational share. Far beyond what a quota of 2^40 can notice. */
  private static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);

  private final MixSettings settings;
  private final List<Supply> supplies;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private MixPlanner(MixSettings settings, List<Supply> supplies) {
    this.settings = settings;
    this.supplies = supplies;
  }

  /**
   * The mix of {@code supplies} under {@code settings}.
   *
   * @throws MixException when it cannot be made
   */
  public static Mix plan(MixSettings settings, List<Supply> supplies) {
    try {
      return new MixPlanner(settings, supplies).plan();
    } catch (MixException e) {
      throw e.shortage().isPresent() ? e.with(e.shortage().get().remedies(settings, supplies)) : e;
    }
  }

  /** Whether a mix can be made. */
  static boolean isPossible(MixSettings settings, List<Supply> supplies) {
    try {
      return new MixPlanner(settings, supplies).plan().total() > 0;
    } catch (MixException e) {
      return false;
    }
  }

  /** A stratum before its share is known. */
  private record Candidate(
      Stratum stratum,
      Supply supply,
      long records,
      BigFraction units,
      long measured,
      Given given,
      long capacity) {

    /** The part of the dataset's records that are here. */
    BigFraction part() {
      return BigFraction.of(records).divide(BigFraction.of(supply.records()));
    }
  }

  private Mix plan() {
    warnOfNoEffect();
    List<Candidate> candidates = candidates();
    Map<Candidate, BigFraction> units = unitShares(candidates);
    stopIfProblems();
    Map<Candidate, BigFraction> records = recordShares(units);
    stopIfProblems();
    if (records.values().stream().allMatch(share -> share.signum() == 0)) {
      throw new MixException(whyNothing(candidates));
    }
    Shares shares =
        new Shares(
            candidates.stream().map(Candidate::stratum).toList(),
            candidates.stream().map(c -> records.getOrDefault(c, BigFraction.ZERO)).toList());
    List<Mix.StratumQuota> parts = new ArrayList<>();
    for (Candidate c : candidates) {
      BigFraction share = shares.share(parts.size());
      parts.add(
          new Mix.StratumQuota(
              c.stratum(), c.supply(), share, c.records(), c.capacity(), 0, "", c.given()));
    }
    List<Mix.StratumQuota> decided =
        new Quotas(settings, parts, shares, takesAll(), warnings).decide();
    long total = decided.stream().mapToLong(Mix.StratumQuota::quota).sum();
    if (total == 0) {
      throw new MixException(nothingFits(parts));
    }
    noteWhoGivesNothing(decided);
    noteWhoGivesTooLittle(decided);
    stopIfProblems();
    return new Mix(total, byLevel(decided), List.copyOf(warnings));
  }

  private void warnOfNoEffect() {
    if (settings.categoryField().isPresent() && settings.dataRatio().isEmpty()) {
      warn("category_field has no effect without data_ratio, which names the categories");
    }
    boolean levels =
        supplies.stream().flatMap(s -> s.groups().stream()).anyMatch(g -> g.level() != null);
    if (settings.difficultyProgression() && !levels) {
      warn("difficulty_progression has no effect: no dataset has a difficulty level");
    }
  }

  private String whyNothing(List<Candidate> candidates) {
    List<Candidate> wanted =
        candidates.stream()
            .filter(c -> c.supply().weight().map(w -> w.signum() > 0).orElse(true))
            .filter(c -> c.supply().duplicate().signum() > 0 && c.records() > 0)
            .toList();
    boolean tooFew = !wanted.isEmpty() && wanted.stream().allMatch(c -> c.capacity() == 0);
    if (!tooFew) {
      return "no dataset gives anything: every weight, ratio or duplicate is 0";
    }
    Candidate first = wanted.get(0);
    if (first.given().samples() > 0) {
      return "no dataset gives anything: %s has %,d records, and its %,d samples before are all that duplicate %s and the cap allow; raise its duplicate"
          .formatted(
              first.stratum(),
              first.records(),
              first.given().samples(),
              first.supply().duplicate().toPlainString());
    }
    return "no dataset gives anything: %s can give 0 samples (%,d records x duplicate %s, rounded down); raise its duplicate"
        .formatted(first.stratum(), first.records(), first.supply().duplicate().toPlainString());
  }

  /** Who has a share and gives no sample, because the mix is too small for it. */
  private void noteWhoGivesNothing(List<Mix.StratumQuota> decided) {
    for (Mix.StratumQuota part : decided) {
      if (part.share().signum() > 0 && part.quota() == 0) {
        warn(
            "%s has a share of %s%% and gives no sample: the mix is too small for it, or it has too few"
                .formatted(
                    part.stratum(),
                    part.share()
                        .multiply(BigFraction.of(100))
                        .bigDecimalValue(4, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros()
                        .toPlainString()));
      }
    }
  }

  private void noteWhoGivesTooLittle(List<Mix.StratumQuota> decided) {
    if (settings.minClipsPerDataset().isEmpty()) {
      return;
    }
    long least = settings.minClipsPerDataset().get();
    for (Supply supply : supplies) {
      List<Mix.StratumQuota> own =
          decided.stream().filter(part -> part.supply().equals(supply)).toList();
      long quota = own.stream().mapToLong(Mix.StratumQuota::quota).sum();
      if (quota < least && own.stream().anyMatch(part -> part.share().signum() > 0)) {
        String what =
            "dataset \"%s\" gives %,d samples, fewer than min_clips_per_dataset %,d"
                .formatted(supply.dataset(), quota, least);
        if (settings.strict()) {
          problems.add(what + "; the stage is strict");
        } else {
          warn(what);
        }
      }
    }
  }

  private static String nothingFits(List<Mix.StratumQuota> parts) {
    Mix.StratumQuota scarcest =
        parts.stream()
            .filter(part -> part.share().signum() > 0)
            .min(Comparator.comparingLong(Mix.StratumQuota::capacity))
            .orElseThrow();
    return "the mix would have no samples at all: %s can give only %d (%d records x duplicate %s%s)"
        .formatted(
            scarcest.stratum(),
            scarcest.capacity(),
            scarcest.records(),
            scarcest.supply().duplicate().toPlainString(),
            scarcest.before());
  }

  /** Whether the stage takes all that its datasets can give, unless it names a total. */
  private boolean takesAll() {
    return settings
        .strategy()
        .map(s -> s == Strategy.PROPORTIONAL || s == Strategy.SEQUENTIAL)
        .orElse(!weighted());
  }

  /** Whether the config has weights or ratios. */
  private boolean weighted() {
    return !settings.dataRatio().isEmpty()
        || supplies.stream().anyMatch(s -> s.weight().isPresent());
  }

  private void stopIfProblems() {
    if (!problems.isEmpty()) {
      throw new MixException(problems);
    }
  }

  /** Every dataset by category, in the strata's order. */
  private List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>();
    for (Supply supply : supplies) {
      Map<String, Long> records = new TreeMap<>();
      Map<String, BigDecimal> units = new TreeMap<>();
      Map<String, Long> measured = new TreeMap<>();
      Map<String, Given> given = new TreeMap<>();
      for (Supply.StratumSupply group : supply.groups()) {
        long before = records.getOrDefault(group.category(), 0L);
        given.merge(group.category(), group.given(), (a, b) -> a.plus(b, before, group.records()));
        records.merge(group.category(), group.records(), Long::sum);
        units.merge(group.category(), group.units(), BigDecimal::add);
        measured.merge(group.category(), group.measured(), Long::sum);
      }
      // A cap is divided among a dataset's strata by their records, like its weight.
      long[] caps =
          settings.maxClipsPerDataset().isPresent() && supply.records() > 0
              ? Apportionment.ofCounts(
                      records.values().stream().mapToLong(Long::longValue).toArray())
                  .divide(Math.max(0, settings.maxClipsPerDataset().get() - supply.gone()))
              : new long[0];
      int i = 0;
      for (Map.Entry<String, Long> group : records.entrySet()) {
        Given before = given.getOrDefault(group.getKey(), Given.NONE);
        long capacity = before.capacity(supply.duplicate(), group.getValue());
        if (caps.length > 0) {
          capacity = Math.min(capacity, Math.max(0, caps[i++] - before.samples()));
        }
        candidates.add(
            new Candidate(
                Stratum.of(supply.dataset(), group.getKey()),
                supply,
                group.getValue(),
                ExactDecimals.fraction(units.getOrDefault(group.getKey(), BigDecimal.ZERO)),
                measured.getOrDefault(group.getKey(), 0L),
                before,
                capacity));
      }
    }
    candidates.sort(Comparator.comparing(Candidate::stratum));
    return candidates;
  }

  /** Shares of the weight unit, as the strategy gives them; who gives nothing is left out. */
  private Map<Candidate, BigFraction> unitShares(List<Candidate> all) {
    List<Candidate> able = new ArrayList<>();
    for (Candidate c : all) {
      boolean excluded =
          c.supply().weight().map(w -> w.signum() == 0).orElse(false)
              || c.supply().duplicate().signum() == 0;
      if (!excluded) {
        able.add(c);
      }
    }
    Optional<Strategy> strategy = settings.strategy();
    if (strategy.map(Strategy::usesRatios).orElse(weighted())) {
      if (isStratified() && supplies.stream().anyMatch(s -> s.weight().isPresent())) {
        warn("sampling_strategy stratified does not use stage_weight: records decide");
      }
      return byCategory(able);
    }
    if (weighted() && strategy.isPresent()) {
      warn(
          "sampling_strategy %s does not use data_ratio and stage_weight"
              .formatted(strategy.get().word()));
    }
    Map<Candidate, BigFraction> shares = new LinkedHashMap<>();
    for (Candidate c : able) {
      if (c.records() == 0) {
        problems.add(noRecords(c));
        continue;
      }
      BigFraction share =
          switch (strategy.orElse(Strategy.PROPORTIONAL)) {
            case UNIFORM, UNIMAX -> c.part();
            case TEMPERATURE -> temperature(c.supply(), able).multiply(c.part());
            default -> BigFraction.of(c.capacity()).multiply(mean(c));
          };
      shares.put(c, share);
    }
    return shares;
  }

  private String noRecords(Candidate c) {
    List<Supply> others = supplies.stream().filter(s -> !s.equals(c.supply())).toList();
    boolean without = !others.isEmpty() && isPossible(settings, others);
    return "dataset \"%s\" has a share of the stage, but %s; fill it%s"
        .formatted(
            c.stratum().dataset(),
            c.supply().whyEmpty(),
            without ? ", or set enabled to false" : "");
  }

  /** A dataset's capacity, in the weight unit, to the power of one over the temperature. */
  private BigFraction temperature(Supply supply, List<Candidate> able) {
    BigFraction capacity =
        able.stream()
            .filter(c -> c.supply().equals(supply))
            .map(c -> BigFraction.of(c.capacity()).multiply(mean(c)))
            .reduce(BigFraction.ZERO, BigFraction::add);
    if (capacity.signum() == 0) {
      return BigFraction.ZERO;
    }
    BigDecimal base =
        new BigDecimal(capacity.getNumerator())
            .divide(new BigDecimal(capacity.getDenominator()), DIGITS);
    BigDecimal exponent = BigDecimal.ONE.divide(settings.temperature(), DIGITS);
    return ExactDecimals.fraction(BigDecimalMath.pow(base, exponent, DIGITS));
  }

  /** Categories by ratio, else by summed weight; inside a category by weight, else equal. */
  private Map<Candidate, BigFraction> byCategory(List<Candidate> able) {
    Map<String, List<Candidate>> categories = new TreeMap<>();
    able.forEach(
        c -> categories.computeIfAbsent(c.stratum().category(), k -> new ArrayList<>()).add(c));
    Map<String, BigDecimal> ratios = settings.dataRatio();
    ratios.forEach(
        (category, ratio) -> {
          if (ratio.signum() > 0 && !categories.containsKey(category)) {
            leftOut(
                "data_ratio asks for category \"%s\", which no dataset has".formatted(category));
          }
        });
    Map<Candidate, BigFraction> shares = new LinkedHashMap<>();
    categories.forEach(
        (category, members) -> {
          BigFraction ratio =
              ratios.isEmpty()
                  ? members.stream().map(this::weight).reduce(BigFraction.ZERO, BigFraction::add)
                  : ExactDecimals.fraction(ratios.getOrDefault(category, BigDecimal.ZERO));
          if (!ratios.isEmpty() && !ratios.containsKey(category)) {
            Set<String> names = new LinkedHashSet<>();
            members.forEach(m -> names.add(m.stratum().dataset()));
            leftOut(
                "%s in category \"%s\", to which data_ratio gives nothing"
                    .formatted(
                        String.join(", ", names) + (names.size() == 1 ? " is" : " are"), category));
          }
          if (ratio.signum() == 0) {
            return;
          }
          BigFraction sum = BigFraction.ZERO;
          for (Candidate member : members) {
            if (member.records() == 0) {
              problems.add(noRecords(member));
            } else {
              sum = sum.add(weight(member));
            }
          }
          for (Candidate member : members) {
            if (member.records() > 0 && sum.signum() > 0) {
              shares.put(member, ratio.multiply(weight(member)).divide(sum));
            }
          }
        });
    return shares;
  }

  /** A stratum's weight: its dataset's, where there is one, by its part of the records. */
  private BigFraction weight(Candidate c) {
    if (isStratified()) {
      return c.records() == 0 ? BigFraction.ZERO : BigFraction.of(c.records()).multiply(mean(c));
    }
    BigFraction weight = c.supply().weight().map(ExactDecimals::fraction).orElse(BigFraction.ONE);
    return c.records() == 0 ? weight : weight.multiply(c.part());
  }

  private boolean isStratified() {
    return settings.strategy().equals(Optional.of(Strategy.STRATIFIED));
  }

  private void leftOut(String what) {
    if (settings.strict()) {
      problems.add(what + "; the stage is strict");
    } else {
      warn(what + "; left out");
    }
  }

  private void warn(String warning) {
    warnings.add(warning);
  }

  /** Shares of the weight unit turned into shares of records, by what a record has of the unit. */
  private Map<Candidate, BigFraction> recordShares(Map<Candidate, BigFraction> units) {
    Map<Candidate, BigFraction> records = new HashMap<>();
    units.forEach(
        (c, share) -> {
          if (share.signum() > 0) {
            BigFraction mean = mean(c);
            if (mean.signum() == 0) {
              problems.add(
                  "the records of %s have no %s at all, so a share of it cannot be met"
                      .formatted(c.stratum(), settings.weightUnit()));
            } else {
              records.put(c, share.divide(mean));
            }
          }
        });
    return records;
  }

  /** How much of the weight unit a record of the stratum has on average. */
  private BigFraction mean(Candidate c) {
    return settings.weightUnit().equals(MixSettings.RECORDS)
        ? BigFraction.ONE
        : c.units().divide(BigFraction.of(c.measured()));
  }

  /** Divides quotas among difficulty levels by their records, where levels matter. */
  private List<Mix.StratumQuota> byLevel(List<Mix.StratumQuota> parts) {
    Map<String, Supply> byName = new HashMap<>();
    supplies.forEach(s -> byName.put(s.dataset(), s));
    List<Mix.StratumQuota> levelled = new ArrayList<>();
    for (Mix.StratumQuota part : parts) {
      List<Supply.StratumSupply> groups =
          Optional.ofNullable(byName.get(part.stratum().dataset())).orElseThrow().groups().stream()
              .filter(g -> g.category().equals(part.stratum().category()))
              .sorted(Comparator.comparingInt(Supply.StratumSupply::difficulty))
              .toList();
      if (part.records() == 0) {
        continue;
      }
      long[] counts = groups.stream().mapToLong(Supply.StratumSupply::records).toArray();
      long[] capacities = capacities(part, groups, counts);
      long[] quotas =
          part.given().isNone() || part.quota() > part.capacity() || part.capacity() == 0
              ? Apportionment.ofCounts(counts).divide(part.quota())
              : Apportionment.ofCounts(capacities).divide(part.quota());
      for (int i = 0; i < counts.length; i++) {
        Supply.StratumSupply group = groups.get(i);
        if (group.records() > 0) {
          levelled.add(
              new Mix.StratumQuota(
                  group.level() == null
                      ? part.stratum()
                      : part.stratum().at(group.level(), group.difficulty()),
                  part.supply(),
                  part.share()
                      .multiply(BigFraction.of(group.records()))
                      .divide(BigFraction.of(part.records())),
                  group.records(),
                  capacities[i],
                  quotas[i],
                  part.reason(),
                  group.given()));
        }
      }
    }
    levelled.sort(Comparator.comparing(Mix.StratumQuota::stratum));
    return levelled;
  }

  /**
   * What each level of a stratum can give: by its records, or where some were given before, by what
   * is left of each.
   */
  private static long[] capacities(
      Mix.StratumQuota part, List<Supply.StratumSupply> groups, long[] counts) {
    if (part.given().isNone() || part.capacity() == 0) {
      return Apportionment.ofCounts(counts).divide(part.capacity());
    }
    long[] left =
        groups.stream()
            .mapToLong(g -> g.given().capacity(part.supply().duplicate(), g.records()))
            .toArray();
    return Arrays.stream(left).sum() == 0
        ? Apportionment.ofCounts(counts).divide(part.capacity())
        : Apportionment.ofCounts(left).divide(part.capacity());
  }
}
