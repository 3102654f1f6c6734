package dev.mixdown.transforms.ordering;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.configs.datasets.Priority;
import dev.mixdown.configs.datasets.Strategy;
import dev.mixdown.transforms.mixing.Mix;
import dev.mixdown.transforms.mixing.Settings;
import dev.mixdown.transforms.mixing.Stratum;
import dev.mixdown.transforms.mixing.Supply;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** At every block's end every stratum is less than one sample from its target. */
class BlockQuotasTest {
  private static Mix mix(long[] quotas, int[] levels) {
    List<Mix.StratumQuota> parts = new ArrayList<>();
    for (int s = 0; s < quotas.length; s++) {
      Supply supply =
          new Supply(
              "d%04d".formatted(s),
              quotas.length - s,
              BigDecimal.ONE,
              Optional.empty(),
              List.of(Priority.values()).get(s % 4),
              List.of());
      Stratum stratum = Stratum.of(supply.dataset(), "c");
      parts.add(
          new Mix.StratumQuota(
              levels[s] < 0 ? stratum : stratum.at("l" + levels[s], levels[s]),
              supply,
              org.apache.commons.numbers.fraction.BigFraction.ZERO,
              quotas[s],
              quotas[s],
              quotas[s],
              ""));
    }
    return new Mix(java.util.Arrays.stream(quotas).sum(), parts, List.of());
  }

  private static int[] none(int n) {
    return IntStream.generate(() -> -1).limit(n).toArray();
  }

  /** Goes through all blocks and holds each against the targets. */
  private static void check(List<Target> targets, long total, int block) {
    BlockQuotas quotas = new BlockQuotas(targets, total, block);
    long[] before = new long[targets.size()];
    while (quotas.hasNext()) {
      int[] counts = quotas.next();
      long end = quotas.position();
      long[] given = quotas.given();
      long sum = 0;
      BigInteger floors = BigInteger.ZERO;
      for (int s = 0; s < given.length; s++) {
        Target target = targets.get(s);
        long floor = target.floor(end);
        boolean whole = target.remainder(end).signum() == 0;
        if (given[s] != floor && (whole || given[s] != floor + 1)) {
          throw new AssertionError(
              "stratum %d at %d: given %d, target %d%s"
                  .formatted(s, end, given[s], floor, whole ? "" : " and a bit"));
        }
        if (counts[s] < 0 || before[s] + counts[s] != given[s]) {
          throw new AssertionError("counts do not lead to what is given");
        }
        sum += given[s];
        floors = floors.add(BigInteger.valueOf(floor));
      }
      assertThat(sum, is(end));
      before = given;
    }
    assertThat(quotas.position(), is(total));
  }

  @Test
  void on_random_mixes_up_to_a_thousand_strata() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 40; round++) {
      int n = round % 10 == 0 ? 1000 : 1 + random.nextInt(60);
      long[] quotas =
          IntStream.range(0, n)
              .mapToLong(
                  i -> 1 + (random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(40)))
              .toArray();
      Mix mix = mix(quotas, none(n));
      int block = 16 + random.nextInt(600);
      check(Targets.of(mix, Settings.of().build()), mix.total(), block);
    }
  }

  @Test
  void on_random_sequential_and_progressive_mixes() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 80; round++) {
      int n = 1 + random.nextInt(30);
      long[] quotas = IntStream.range(0, n).mapToLong(i -> 1 + random.nextInt(300)).toArray();
      int[] levels = IntStream.range(0, n).map(i -> random.nextInt(5) - 1).toArray();
      Mix mix = mix(quotas, levels);
      MixSettings progressive = Settings.of().progression().build();
      MixSettings sequential = Settings.of().strategy(Strategy.SEQUENTIAL).build();
      int block = 1 + random.nextInt(64);
      check(Targets.of(mix, progressive), mix.total(), block);
      check(Targets.of(mix, sequential), mix.total(), block);
    }
  }

  @Test
  void where_rules_of_the_largest_deficit_break() {
    // Three strata whose target's fraction is 0.5 beside four about to cross a whole number.
    for (int scale = 1; scale <= 20; scale++) {
      long[] quotas = {
        50L * scale, 50L * scale, 50L * scale, 98L * scale, 98L * scale, 98L * scale, 98L * scale
      };
      Mix mix = mix(quotas, none(7));
      for (int block : new int[] {1, 2, 3, 5, 7, 64}) {
        check(Targets.of(mix, Settings.of().build()), mix.total(), block);
      }
    }
  }

  @Test
  void at_many_billions_with_levels_beyond_machine_words() {
    long[] quotas = {3_000_000_019L, 7_000_000_001L, 11L, 5_000_000_029L};
    Mix mix = mix(quotas, new int[] {0, 1, -1, 3});
    List<Target> targets = Targets.of(mix, Settings.of().progression().build());
    BlockQuotas all = new BlockQuotas(targets, mix.total(), 1 << 20);
    for (int i = 0; i < 1_000; i++) {
      all.next();
      long end = all.position();
      for (int s = 0; s < quotas.length; s++) {
        long over = all.given()[s] - targets.get(s).floor(end);
        assertThat(over == 0 || over == 1, is(true));
      }
    }
  }

  @Test
  void a_start_at_any_boundary_goes_on_as_if_from_the_beginning() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 50; round++) {
      int n = 2 + random.nextInt(20);
      long[] quotas = IntStream.range(0, n).mapToLong(i -> 1 + random.nextInt(500)).toArray();
      int[] levels = IntStream.range(0, n).map(i -> random.nextInt(4) - 1).toArray();
      Mix mix = mix(quotas, levels);
      List<Target> targets = Targets.of(mix, Settings.of().progression().build());
      BlockQuotas whole = new BlockQuotas(targets, mix.total(), 16);
      while (whole.hasNext()) {
        BlockQuotas resumed =
            new BlockQuotas(targets, mix.total(), 16, whole.position(), whole.given());
        int[] expected = whole.next().clone();
        assertThat(resumed.next(), is(expected));
      }
    }
  }

  @Test
  void seats_go_as_an_obvious_earliest_deadline_first_gives_them() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 100; round++) {
      int n = 2 + random.nextInt(12);
      long[] quotas = IntStream.range(0, n).mapToLong(i -> 1 + random.nextInt(90)).toArray();
      int[] levels = IntStream.range(0, n).map(i -> random.nextInt(3) - 1).toArray();
      Mix mix = mix(quotas, levels);
      List<Target> targets = Targets.of(mix, Settings.of().progression().build());
      int block = 1 + random.nextInt(20);
      BlockQuotas quotasUnderTest = new BlockQuotas(targets, mix.total(), block);
      long[] given = new long[n];
      while (quotasUnderTest.hasNext()) {
        quotasUnderTest.next();
        long end = quotasUnderTest.position();
        for (int s = 0; s < n; s++) {
          given[s] = Math.max(given[s], targets.get(s).floor(end));
        }
        long left = end - java.util.Arrays.stream(given).sum();
        IntStream.range(0, n)
            .filter(s -> given[s] == targets.get(s).floor(end))
            .filter(s -> targets.get(s).remainder(end).signum() > 0)
            .boxed()
            .sorted(
                Comparator.comparingLong(
                        (Integer s) -> firstPositionOf(targets.get(s), given[s] + 1))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(left)
            .forEach(s -> given[s]++);
        assertThat(quotasUnderTest.given(), is(given));
      }
    }
  }

  /** The deadline by trying every position. */
  private static long firstPositionOf(Target target, long n) {
    long m = 0;
    while (target.floor(m) < n) {
      m++;
    }
    assertThat(target.deadline(n), is(m));
    return m;
  }

  @Test
  void targets_add_to_the_position_everywhere() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 100; round++) {
      int n = 1 + random.nextInt(10);
      long[] quotas = IntStream.range(0, n).mapToLong(i -> 1 + random.nextInt(30)).toArray();
      int[] levels = IntStream.range(0, n).map(i -> random.nextInt(4) - 1).toArray();
      Mix mix = mix(quotas, levels);
      for (MixSettings settings :
          List.of(
              Settings.of().build(),
              Settings.of().progression().build(),
              Settings.of().strategy(Strategy.SEQUENTIAL).build())) {
        List<Target> targets = Targets.of(mix, settings);
        for (long m = 0; m <= mix.total(); m++) {
          var sum = org.apache.commons.numbers.fraction.BigFraction.ZERO;
          for (Target t : targets) {
            sum =
                sum.add(BigDecimal.valueOf(t.floor(m)).toBigInteger())
                    .add(
                        org.apache.commons.numbers.fraction.BigFraction.of(
                            t.remainder(m), t.length()));
          }
          assertThat(sum, is(org.apache.commons.numbers.fraction.BigFraction.of(m)));
        }
      }
    }
  }
}
