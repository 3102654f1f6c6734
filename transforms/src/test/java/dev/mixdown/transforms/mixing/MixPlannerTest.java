package dev.mixdown.transforms.mixing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.datasets.Shortfall;
import dev.mixdown.configs.datasets.Strategy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MixPlannerTest {
  private static Supply supply(
      String name, String category, long records, String duplicate, String weight, Priority p) {
    return new Supply(
        name,
        0,
        new BigDecimal(duplicate),
        Optional.ofNullable(weight).map(BigDecimal::new),
        p,
        List.of(
            new Supply.StratumSupply(category, null, -1, records, BigDecimal.valueOf(records))));
  }

  private static Supply supply(String name, long records, String duplicate, String weight) {
    return supply(name, "others", records, duplicate, weight, Priority.MEDIUM);
  }

  private static List<Long> quotas(Mix mix) {
    return mix.strata().stream().map(Mix.StratumQuota::quota).toList();
  }

  private static Mix plan(Settings settings, Supply... supplies) {
    return MixPlanner.plan(settings.build(), List.of(supplies));
  }

  @ParameterizedTest
  @EnumSource(names = {"BALANCED", "TARGETED"})
  void the_specs_fine_tuning_case_gives_41667(Strategy strategy) {
    Mix mix =
        plan(
            Settings.of()
                .strategy(strategy)
                .ratio("toll_station", "0.6")
                .ratio("intersection", "0.3")
                .ratio("merge_lane", "0.1"),
            supply("a_toll", "toll_station", 5_000, "5", "0.6", Priority.CRITICAL),
            supply("b_inter", "intersection", 50_000, "1", "0.3", Priority.HIGH),
            supply("c_merge", "merge_lane", 50_000, "1", "0.1", Priority.MEDIUM));
    assertThat(quotas(mix), contains(25_000L, 12_500L, 4_167L));
    assertThat(mix.total(), is(41_667L));
  }

  @Test
  void without_strategy_weight_or_ratio_every_dataset_gives_its_capacity() {
    Mix mix =
        plan(Settings.of().cap(90), supply("a", 33, "2.5", null), supply("b", 100, "1", null));
    assertThat(quotas(mix), contains(82L, 90L));
  }

  @Test
  void a_weight_duplicate_of_zero_is_legal_and_gives_nothing() {
    Mix mix =
        plan(
            Settings.of(),
            supply("a", 100, "1", "0"),
            supply("b", 100, "1", "1"),
            supply("c", 100, "0", "1"));
    assertThat(quotas(mix), contains(0L, 100L, 0L));
  }

  @Test
  void targeted_lets_a_lower_priority_fall_short_and_others_fill_in_by_priority() {
    Mix mix =
        plan(
            Settings.of().strategy(Strategy.TARGETED),
            supply("a", "others", 600, "1", "0.6", Priority.CRITICAL),
            supply("b", "others", 100, "1", "0.3", Priority.HIGH),
            supply("c", "others", 500, "1", "0.05", Priority.MEDIUM),
            supply("d", "others", 500, "1", "0.05", Priority.LOW));
    // At 1000 the critical one is full; b is 200 short, and c is before d.
    assertThat(quotas(mix), contains(600L, 100L, 250L, 50L));
  }

  @Test
  void uniform_temperature_proportional_and_unimax_make_their_shares() {
    Supply[] three = {
      supply("a", 10_000, "1", null), supply("b", 100, "1", null), supply("c", 2_500, "1", null)
    };
    assertThat(
        quotas(plan(Settings.of().strategy(Strategy.UNIFORM), three)), contains(101L, 100L, 100L));
    assertThat(
        quotas(plan(Settings.of().strategy(Strategy.PROPORTIONAL).total(126), three)),
        contains(100L, 1L, 25L));
    // Square roots: 100, 10, 50. The smallest sizes the stage: no more than 100 of it.
    assertThat(
        quotas(plan(Settings.of().strategy(Strategy.TEMPERATURE).temperature("2"), three)),
        contains(1_006L, 100L, 503L));
    assertThat(
        quotas(plan(Settings.of().strategy(Strategy.UNIMAX).total(3_001), three)),
        contains(1_451L, 100L, 1_450L));
    assertThat(
        quotas(plan(Settings.of().strategy(Strategy.SEQUENTIAL), three)),
        contains(10_000L, 100L, 2_500L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.001",
        "0.0010000000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "0.0137",
        "0.999999999999999999999999",
        "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899",
        "999.99999999999999999999999999999999999999999999999999999999999999",
        "1000"
      })
  void a_temperature_of_its_whole_range_gives_its_shares_in_bounded_time(String temperature) {
    SplittableRandom random = new SplittableRandom(7);
    Supply[] supplies = new Supply[100];
    double[] logs = new double[supplies.length];
    for (int i = 0; i < supplies.length; i++) {
      long records = random.nextLong(1, 3_000_000_000L);
      supplies[i] = supply("d%02d".formatted(i), records, "1", null);
      logs[i] = Math.log((double) records) / new BigDecimal(temperature).doubleValue();
    }
    Settings settings =
        Settings.of()
            .strategy(Strategy.TEMPERATURE)
            .temperature(temperature)
            .shortfall(Shortfall.REPEAT);
    Mix mix =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> plan(settings.total(1_000_000), supplies));
    double most = Arrays.stream(logs).max().orElseThrow();
    double sum = Arrays.stream(logs).map(log -> Math.exp(log - most)).sum();
    for (int i = 0; i < supplies.length; i++) {
      double expected = 1_000_000 * Math.exp(logs[i] - most) / sum;
      assertThat((double) mix.strata().get(i).quota(), closeTo(expected, 1.5));
    }
  }

  @Test
  void shares_of_a_unit_are_turned_into_shares_of_records_by_the_measured_mean() {
    Supply longOnes = unitSupply("a", 1_000, 4_000);
    Supply shortOnes = unitSupply("b", 10_000, 10_000);
    Mix mix = plan(Settings.of().unit("num_tokens"), longOnes, shortOnes);
    // Equal tokens: four short records for each long one.
    assertThat(quotas(mix), contains(1_000L, 4_002L));
  }

  private static Supply unitSupply(String name, long records, long units) {
    return new Supply(
        name,
        0,
        BigDecimal.ONE,
        Optional.of(BigDecimal.ONE),
        Priority.MEDIUM,
        List.of(new Supply.StratumSupply("others", null, -1, records, BigDecimal.valueOf(units))));
  }

  @Test
  void a_datasets_weight_and_cap_are_divided_among_its_categories_by_records() {
    Supply mixed =
        new Supply(
            "m",
            0,
            BigDecimal.ONE,
            Optional.empty(),
            Priority.MEDIUM,
            List.of(
                new Supply.StratumSupply("x", null, -1, 300, BigDecimal.ZERO),
                new Supply.StratumSupply("y", null, -1, 100, BigDecimal.ZERO)));
    Mix capped = plan(Settings.of().cap(40), mixed);
    assertThat(quotas(capped), contains(30L, 10L));
    Mix ratio = plan(Settings.of().ratio("x", "1").ratio("y", "1"), mixed);
    // 100 of y is what fits; the odd seat of 201 goes to x by its name.
    assertThat(quotas(ratio), contains(101L, 100L));
  }

  @Test
  void each_shortfall_gives_way_in_its_own_manner_and_says_so() {
    Supply[] two = {supply("a", 100, "1", "0.5"), supply("b", 1_000, "1", "0.5")};
    Settings settings = Settings.of().total(400);
    String failure = assertThrows(MixException.class, () -> plan(settings, two)).getMessage();
    assertThat(failure, containsString("a/others is short, asked for 200, can give 100"));
    assertThat(failure, containsString("the largest total that fits is 200"));
    assertThat(failure, containsString("duplicate of \"a\" to 2"));
    Mix shrunk = plan(settings.shortfall(Shortfall.SHRINK), two);
    assertThat(quotas(shrunk), contains(100L, 100L));
    Mix moved = plan(settings.shortfall(Shortfall.REDISTRIBUTE), two);
    assertThat(quotas(moved), contains(100L, 300L));
    assertThat(moved.strata().get(1).reason(), containsString("gives 100 more"));
    Mix repeated = plan(settings.shortfall(Shortfall.REPEAT), two);
    assertThat(quotas(repeated), contains(200L, 200L));
    assertThat(repeated.strata().get(0).reason(), containsString("repeated: 2 passes"));
  }

  @Test
  void redistribution_stays_inside_the_category_while_it_can() {
    Mix mix =
        plan(
            Settings.of()
                .ratio("x", "1")
                .ratio("y", "1")
                .total(200)
                .shortfall(Shortfall.REDISTRIBUTE),
            supply("a", "x", 10, "1", "1", Priority.LOW),
            supply("b", "x", 80, "1", "1", Priority.LOW),
            supply("c", "y", 500, "1", "1", Priority.CRITICAL));
    assertThat(quotas(mix), contains(10L, 80L, 110L));
  }

  @Test
  void a_ratio_that_nobody_serves_is_left_out_with_a_warning_unless_the_stage_is_strict() {
    Settings settings = Settings.of().ratio("x", "0.5").ratio("nobody", "0.5");
    Supply only = supply("a", "x", 10, "1", null, Priority.LOW);
    Mix mix = plan(settings, only);
    assertThat(mix.total(), is(10L));
    assertThat(mix.warnings().get(0), containsString("\"nobody\", which no dataset has"));
    assertThrows(MixException.class, () -> plan(settings.strict(), only));
  }

  @Test
  void a_share_without_records_is_an_error_that_names_the_dataset() {
    MixException e =
        assertThrows(
            MixException.class,
            () -> plan(Settings.of(), supply("a", 5, "1", "1"), supply("empty_one", 0, "1", "1")));
    assertThat(e.getMessage(), containsString("dataset \"empty_one\" has a share"));
  }

  @Test
  void unimax_passes_over_what_can_give_nothing_and_duplicates_without_end_add_up() {
    Settings unimax = Settings.of().strategy(Strategy.UNIMAX).total(50);
    assertThat(
        quotas(plan(unimax, supply("a", 5, "0.1", null), supply("b", 100, "1", null))),
        contains(0L, 50L));
    Mix huge =
        plan(
            Settings.of().total(1_000).shortfall(Shortfall.REDISTRIBUTE),
            supply("a", 5, "1e18", "1"),
            supply("b", 5, "1e18", "1"),
            supply("c", 5, "1", "1"));
    assertThat(huge.total(), is(1_000L));
  }

  @Test
  void a_cap_holds_against_repetition() {
    MixException e =
        assertThrows(
            MixException.class,
            () ->
                plan(
                    Settings.of().total(100).cap(40).shortfall(Shortfall.REPEAT),
                    supply("a", 100, "1", "1"),
                    supply("b", 100, "1", "1")));
    assertThat(e.getMessage(), containsString("max_clips_per_dataset to 50"));
  }

  @Test
  void quotas_are_divided_among_levels_by_their_records() {
    Supply levelled =
        new Supply(
            "d",
            0,
            new BigDecimal("1.5"),
            Optional.empty(),
            Priority.MEDIUM,
            List.of(
                new Supply.StratumSupply("others", "basic", 0, 10, BigDecimal.TEN),
                new Supply.StratumSupply("others", "expert", 3, 5, BigDecimal.TEN)));
    Mix mix = plan(Settings.of(), levelled);
    assertThat(quotas(mix), contains(15L, 7L));
  }

  /** Hamilton's method as its textbook says it, on fractions. */
  private static long[] hamilton(long seats, List<BigFraction> shares) {
    BigFraction sum = shares.stream().reduce(BigFraction.ZERO, BigFraction::add);
    long[] quotas = new long[shares.size()];
    List<Integer> order = new ArrayList<>();
    BigFraction[] rest = new BigFraction[shares.size()];
    long left = seats;
    for (int i = 0; i < quotas.length; i++) {
      BigFraction due = shares.get(i).multiply(BigFraction.of(seats)).divide(sum);
      quotas[i] = due.getNumerator().divide(due.getDenominator()).longValue();
      rest[i] = due.subtract(BigFraction.of(quotas[i]));
      left -= quotas[i];
      order.add(i);
    }
    order.sort((a, b) -> rest[b].compareTo(rest[a]));
    for (int i = 0; i < left; i++) {
      quotas[order.get(i)]++;
    }
    return quotas;
  }

  @Test
  void on_random_mixes_balanced_takes_the_largest_total_that_fits_with_both_margins_exact() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 300; round++) {
      int categories = 1 + random.nextInt(4);
      Settings settings = Settings.of().strategy(Strategy.BALANCED);
      List<Supply> supplies = new ArrayList<>();
      TreeMap<String, List<Supply>> byCategory = new TreeMap<>();
      TreeMap<String, BigFraction> ratios = new TreeMap<>();
      for (int c = 0; c < categories; c++) {
        String category = "c" + c;
        int ratio = 1 + random.nextInt(40);
        settings.ratio(category, ratio + "e-2");
        ratios.put(category, BigFraction.of(ratio));
        int members = 1 + random.nextInt(4);
        for (int d = 0; d < members; d++) {
          Supply supply =
              supply(
                  "d" + c + d,
                  category,
                  1 + random.nextInt(60),
                  String.valueOf(1 + random.nextInt(3)),
                  String.valueOf(1 + random.nextInt(20)),
                  Priority.MEDIUM);
          supplies.add(supply);
          byCategory.computeIfAbsent(category, k -> new ArrayList<>()).add(supply);
        }
      }
      // Nothing fits beyond all capacities together.
      long bound = supplies.stream().mapToLong(x -> x.records() * x.duplicate().longValue()).sum();
      long[] expected = null;
      while (expected == null && bound > 0) {
        expected = fitting(bound--, byCategory, ratios);
      }
      Mix mix;
      try {
        mix = MixPlanner.plan(settings.build(), supplies);
      } catch (MixException e) {
        assertThat(e.getMessage(), containsString("no samples at all"));
        assertThat(expected, is(org.hamcrest.Matchers.nullValue()));
        continue;
      }
      assertThat(
          "round " + round,
          mix.strata().stream().mapToLong(Mix.StratumQuota::quota).toArray(),
          is(expected));
    }
  }

  /** The quotas at a total where all of them fit; null where they do not. */
  private static long[] fitting(
      long total, Map<String, List<Supply>> byCategory, Map<String, BigFraction> ratios) {
    long[] perCategory = hamilton(total, List.copyOf(ratios.values()));
    List<Long> quotas = new ArrayList<>();
    int c = 0;
    for (List<Supply> members : byCategory.values()) {
      long[] inside =
          hamilton(
              perCategory[c++],
              members.stream()
                  .map(
                      m -> BigFraction.of(m.weight().orElseThrow().unscaledValue(), BigInteger.ONE))
                  .toList());
      for (int i = 0; i < inside.length; i++) {
        Supply member = members.get(i);
        if (inside[i] > member.records() * member.duplicate().longValue()) {
          return null;
        }
        quotas.add(inside[i]);
      }
    }
    return quotas.stream().mapToLong(Long::longValue).toArray();
  }

  @Test
  void on_random_mixes_every_shortfall_keeps_its_promise() {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 300; round++) {
      List<Supply> supplies = new ArrayList<>();
      int n = 1 + random.nextInt(6);
      for (int d = 0; d < n; d++) {
        supplies.add(
            supply(
                "d" + d,
                "c" + random.nextInt(3),
                1 + random.nextInt(100),
                "1",
                String.valueOf(1 + random.nextInt(9)),
                List.of(Priority.values()).get(random.nextInt(4))));
      }
      long all = supplies.stream().mapToLong(Supply::records).sum();
      long total = random.nextLong(1, all + 1);
      MixSettings redistribute =
          Settings.of().total(total).shortfall(Shortfall.REDISTRIBUTE).build();
      Mix mix = MixPlanner.plan(redistribute, supplies);
      assertThat(mix.total(), is(total));
      mix.strata().forEach(p -> assertThat(p.quota(), lessThanOrEqualTo(p.capacity())));
      Mix repeat =
          MixPlanner.plan(Settings.of().total(total).shortfall(Shortfall.REPEAT).build(), supplies);
      assertThat(repeat.total(), is(total));
      Mix unimax =
          MixPlanner.plan(Settings.of().strategy(Strategy.UNIMAX).total(total).build(), supplies);
      assertThat(unimax.total(), is(total));
      long level = unimax.strata().stream().mapToLong(Mix.StratumQuota::quota).max().orElseThrow();
      unimax
          .strata()
          .forEach(
              p ->
                  assertThat(
                      Arrays.asList(p.capacity(), level, level - 1).contains(p.quota()), is(true)));
    }
  }

  @Test
  void unimax_rounds_over_categories_first_and_stays_within_capacities() {
    SplittableRandom random = new SplittableRandom(25);
    for (int run = 0; run < 500; run++) {
      List<Supply> supplies = new ArrayList<>();
      long givable = 0;
      int datasets = random.nextInt(1, 7);
      for (int d = 0; d < datasets; d++) {
        long records = random.nextLong(1, 40);
        String category = "c" + random.nextInt(3);
        supplies.add(
            new Supply(
                "d" + d,
                d,
                BigDecimal.ONE,
                Optional.empty(),
                Priority.MEDIUM,
                List.of(
                    new Supply.StratumSupply(
                        category, null, -1, records, BigDecimal.valueOf(records)))));
        givable += records;
      }
      long total = random.nextLong(1, givable + 1);
      Mix mix =
          MixPlanner.plan(Settings.of().strategy(Strategy.UNIMAX).total(total).build(), supplies);
      assertThat(mix.total(), is(total));
      // The level by bisection, as a double: due to a dataset is the smaller of it and its records.
      double low = 0;
      double high = givable;
      for (int step = 0; step < 200; step++) {
        double level = (low + high) / 2;
        double given = supplies.stream().mapToDouble(s -> Math.min(level, s.records())).sum();
        low = given < total ? level : low;
        high = given < total ? high : level;
      }
      double level = high;
      for (String category : List.of("c0", "c1", "c2")) {
        double due =
            supplies.stream()
                .filter(s -> s.groups().get(0).category().equals(category))
                .mapToDouble(s -> Math.min(level, s.records()))
                .sum();
        long quota =
            mix.strata().stream()
                .filter(part -> part.stratum().category().equals(category))
                .mapToLong(Mix.StratumQuota::quota)
                .sum();
        assertThat(category, Math.abs(quota - due) < 1 + 1e-6, is(true));
      }
      mix.strata().forEach(part -> assertThat(part.quota() <= part.capacity(), is(true)));
    }
  }
}
