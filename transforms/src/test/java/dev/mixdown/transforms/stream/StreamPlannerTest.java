package dev.mixdown.transforms.stream;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import dev.mixdown.configs.online.OnlineRules.Shortage;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Arrival;
import dev.mixdown.registry.streams.Increment.Counts;
import dev.mixdown.registry.streams.Increment.Mix;
import dev.mixdown.transforms.ordering.BlockQuotas;
import dev.mixdown.transforms.ordering.Target;
import dev.mixdown.transforms.stream.StreamPlanner.Demand;
import dev.mixdown.transforms.stream.StreamPlanner.Limits;
import dev.mixdown.transforms.stream.StreamPlanner.Supply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The planner, held against plain counts and against the block quotas of manifests. */
class StreamPlannerTest {
  private static final int RUNS = 120;
  private static final String STREAM = "0123456789abcdef0123";

  /** A stream that is planned step by step, as {@code online} does it, with arrivals as counts. */
  private static final class Plain {
    final Random random;
    final int block;
    final Shortage shortage;
    final long maxDebt;
    StreamState state = new StreamState(STREAM);
    Mix mix;
    final List<int[]> blocks = new ArrayList<>();
    final TreeMap<String, Long> fresh = new TreeMap<>();
    final TreeMap<String, Long> came = new TreeMap<>();

    Plain(Random random, int block, Shortage shortage, long maxDebt, Mix mix) {
      this.random = random;
      this.block = block;
      this.shortage = shortage;
      this.maxDebt = maxDebt;
      this.mix = mix;
    }

    Optional<Cut> step(Map<String, Long> arriving, Demand demand, long enough) {
      List<String> strata = List.copyOf(new TreeMap<>(mix.shares()).keySet());
      Map<String, Long> available = new TreeMap<>();
      Set<String> older = new HashSet<>();
      for (String stratum : strata) {
        available.put(stratum, state.waitingRecords(stratum) + arriving.getOrDefault(stratum, 0L));
        if (fresh.getOrDefault(stratum, 0L) > 0) {
          older.add(stratum);
        }
      }
      Optional<Cut> cut =
          new StreamPlanner(mix, new Limits(block, enough, shortage, maxDebt), strata)
              .decide(state, new Supply(available, older, Set.of()), demand)
              .cut();
      cut.ifPresent(c -> publish(c, arriving));
      return cut;
    }

    private void publish(Cut cut, Map<String, Long> arriving) {
      TreeMap<String, Counts> counts = new TreeMap<>();
      for (int s = 0; s < cut.strata().size(); s++) {
        String stratum = cut.strata().get(s);
        counts.put(stratum, state.counts(stratum, cut.counts()[s], cut.again()[s]));
        fresh.merge(stratum, cut.fresh(s), Long::sum);
      }
      arriving.forEach((stratum, n) -> came.merge(stratum, n, Long::sum));
      blocks.addAll(cut.blocks());
      state = state.copy();
      state.apply(increment(state, mix, arriving, counts, cut.samples()));
    }
  }

  private static Increment increment(
      StreamState state,
      Mix mix,
      Map<String, Long> arriving,
      Map<String, Counts> counts,
      long samples) {
    return new Increment(
            1,
            "",
            STREAM,
            state.seq() + 1,
            state.id(),
            1,
            new Increment.Positions(state.position(), state.position() + samples),
            mix,
            List.of(
                new Arrival(
                    "d",
                    "/d/1",
                    "00",
                    1,
                    1,
                    "jsonl",
                    null,
                    List.of(),
                    arriving,
                    Map.of(),
                    0,
                    "",
                    "2026-01-01T00:00:00Z")),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            counts,
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            0,
            false,
            new Increment.Cut("count", null, 0, "wait", 0),
            "2026-01-01T00:00:00Z")
        .identified();
  }

  private static Mix mix(Random random, int strata, long from, Map<String, Long> base) {
    long[] weights = new long[strata];
    long sum = 0;
    for (int s = 0; s < strata; s++) {
      weights[s] = 1 + random.nextInt(random.nextBoolean() ? 10 : 1000);
      sum += weights[s];
    }
    TreeMap<String, String> shares = new TreeMap<>();
    for (int s = 0; s < strata; s++) {
      BigFraction share = BigFraction.of(weights[s], sum);
      shares.put("s%02d".formatted(s), share.getNumerator() + "/" + share.getDenominator());
    }
    return new Mix(shares, from, base, Map.of());
  }

  private static Map<String, Long> arrivals(Random random, Mix mix, int most) {
    TreeMap<String, Long> arriving = new TreeMap<>();
    for (String stratum : mix.shares().keySet()) {
      if (random.nextInt(3) > 0) {
        arriving.put(stratum, (long) random.nextInt(most));
      }
    }
    return arriving;
  }

  private static BigFraction target(Mix mix, String stratum, long position) {
    String[] share = mix.shares().get(stratum).split("/");
    return BigFraction.of(Long.parseLong(share[0]), Long.parseLong(share[1]))
        .multiply(position - mix.fromPosition())
        .add(mix.baseCounts().getOrDefault(stratum, 0L));
  }

  @Test
  void at_every_block_end_each_stratum_is_less_than_a_sample_from_its_target_whatever_arrives() {
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(run);
      int block = 1 + random.nextInt(64);
      Mix first = mix(random, 1 + random.nextInt(12), 0, Map.of());
      Plain plain = new Plain(random, block, Shortage.WAIT, 0, first);
      for (int step = 0; step < 40; step++) {
        if (random.nextInt(12) == 0) {
          // Shares change: what was given is where the new ones begin.
          plain.mix =
              mix(
                  random,
                  first.shares().size(),
                  plain.state.position(),
                  new TreeMap<>(plain.state.given()));
        }
        int before = plain.blocks.size();
        TreeMap<String, Long> given = new TreeMap<>(plain.state.given());
        long position = plain.state.position();
        Optional<Cut> cut =
            plain.step(
                arrivals(random, plain.mix, 200),
                new Demand(random.nextBoolean(), random.nextInt(10) == 0),
                block * (1L + random.nextInt(8)));
        for (int[] dealt : plain.blocks.subList(before, plain.blocks.size())) {
          position += block;
          int sum = 0;
          int s = 0;
          for (String stratum : plain.mix.shares().keySet()) {
            given.merge(stratum, (long) dealt[s], Long::sum);
            sum += dealt[s++];
            BigFraction off =
                target(plain.mix, stratum, position).subtract(given.get(stratum)).abs();
            assertThat("run " + run, off.compareTo(BigFraction.ONE), lessThan(0));
          }
          assertThat(sum, is(block));
        }
        cut.ifPresent(c -> assertThat(c.samples() % block, is(0L)));
      }
      // Nothing is given that did not come, and all that came is given or waits.
      plain.came.forEach(
          (stratum, came) ->
              assertThat(
                  plain.state.given(stratum) + plain.state.waitingRecords(stratum), is(came)));
    }
  }

  @Test
  void which_stratum_gives_in_which_block_depends_on_the_shares_alone_and_is_what_manifests_do() {
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(1000 + run);
      int block = 1 + random.nextInt(200);
      Mix mix = mix(random, 1 + random.nextInt(20), 0, Map.of());
      Plain plain = new Plain(random, block, Shortage.WAIT, 0, mix);
      for (int step = 0; step < 30; step++) {
        plain.step(arrivals(random, mix, 500), new Demand(true, false), Long.MAX_VALUE);
      }
      List<BigFraction> shares =
          mix.shares().keySet().stream().map(s -> target(mix, s, 1)).toList();
      long common = lcm(shares);
      long scale = 1 + plain.blocks.size() * (long) block / common;
      long total = scale * common;
      List<Target> targets =
          shares.stream()
              .map(s -> Target.even(s.multiply(total).getNumeratorAsLong(), total))
              .toList();
      BlockQuotas quotas = new BlockQuotas(targets, total, block);
      for (int[] dealt : plain.blocks) {
        assertThat("run " + run, dealt, is(quotas.next().clone()));
      }
    }
  }

  private static long lcm(List<BigFraction> shares) {
    java.math.BigInteger lcm = java.math.BigInteger.ONE;
    for (BigFraction share : shares) {
      lcm = lcm.multiply(share.getDenominator()).divide(lcm.gcd(share.getDenominator()));
    }
    return lcm.longValueExact();
  }

  @Test
  void an_increment_is_the_largest_number_of_blocks_that_all_can_fill() {
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(2000 + run);
      int block = 1 + random.nextInt(32);
      Mix mix = mix(random, 2 + random.nextInt(4), 0, Map.of());
      Plain plain = new Plain(random, block, Shortage.WAIT, 0, mix);
      Map<String, Long> arriving = arrivals(random, mix, 300);
      plain.step(arriving, new Demand(true, false), 1);
      // One more block: somebody would lack a record.
      Plain unlimited = new Plain(random, block, Shortage.WAIT, 0, mix);
      TreeMap<String, Long> any = new TreeMap<>();
      mix.shares().keySet().forEach(s -> any.put(s, 1_000_000L));
      unlimited.step(any, new Demand(true, false), 1);
      long[] needs = new long[mix.shares().size()];
      for (int b = 0; b <= plain.blocks.size(); b++) {
        for (int s = 0; s < needs.length; s++) {
          needs[s] += unlimited.blocks.get(b)[s];
        }
      }
      boolean lacking = false;
      int s = 0;
      for (String stratum : mix.shares().keySet()) {
        lacking |= needs[s++] > arriving.getOrDefault(stratum, 0L);
      }
      assertThat("run " + run, lacking, is(true));
    }
  }

  @Test
  void nothing_is_cut_below_the_threshold_until_something_forces_it() {
    Mix mix = new Mix(new TreeMap<>(Map.of("a", "1/2", "b", "1/2")), 0, Map.of(), Map.of());
    Plain plain = new Plain(new Random(1), 4, Shortage.WAIT, 0, mix);
    Map<String, Long> arriving = new TreeMap<>(Map.of("a", 5L, "b", 7L));
    assertThat(plain.step(arriving, new Demand(false, false), 12), is(Optional.empty()));
    Optional<Cut> count = plain.step(arriving, new Demand(false, false), 8);
    assertThat(count.orElseThrow().samples(), is(8L));
    assertThat(count.orElseThrow().rule(), is(Cut.Rule.COUNT));
    assertThat(count.orElseThrow().held(), is(new Cut.Held("a", 1)));
    assertThat(
        plain.step(Map.of("a", 1L), new Demand(true, false), 8).orElseThrow().rule(),
        is(Cut.Rule.TIME));
    assertThat(plain.step(Map.of("b", 90L), new Demand(true, true), 8), is(Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(Shortage.class)
  void a_stratum_that_never_comes_holds_back_as_the_config_says(Shortage shortage) {
    Mix mix = new Mix(new TreeMap<>(Map.of("a", "3/4", "b", "1/4")), 0, Map.of(), Map.of());
    Plain plain = new Plain(new Random(1), 4, shortage, 8, mix);
    plain.step(new TreeMap<>(Map.of("a", 6L, "b", 2L)), new Demand(true, false), 4);
    plain.step(new TreeMap<>(Map.of("a", 400L)), new Demand(true, false), 4);
    switch (shortage) {
      case WAIT -> assertThat(plain.state.position(), is(8L));
      // All of a's: 400 of 3 in 4 seats, the rest older records of b.
      case REPLAY -> assertThat(plain.state.position(), is(8L + 400 / 3 * 4));
      // 8 of b's seats are owed, at most; it is not yet due whole at the end of a block of 4.
      case REDISTRIBUTE -> {
        assertThat(plain.state.position(), is(8L + 8 * 4));
        assertThat(plain.state.debt(), is(Map.of("b", 8L)));
      }
    }
    plain.step(new TreeMap<>(Map.of("b", 50L)), new Demand(true, false), 4);
    if (shortage == Shortage.REDISTRIBUTE) {
      // What is owed comes first, and both are back at their targets.
      assertThat(plain.state.debt(), is(Map.of()));
      assertThat(plain.blocks.get(10), is(new int[] {0, 4}));
      assertThat(plain.blocks.get(11), is(new int[] {0, 4}));
    }
  }

  @Test
  void under_redistribute_nobody_is_owed_more_than_the_most_and_nothing_is_lost() {
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(3000 + run);
      int block = 1 + random.nextInt(32);
      long most = 1 + random.nextInt(3 * block);
      Mix mix = mix(random, 2 + random.nextInt(6), 0, Map.of());
      Plain plain = new Plain(random, block, Shortage.REDISTRIBUTE, most, mix);
      for (int step = 0; step < 30; step++) {
        plain.step(arrivals(random, mix, 100), new Demand(random.nextBoolean(), false), block);
        // Where others are owed more, a block may go to them alone.
        long owed = plain.state.debt().values().stream().mapToLong(Long::longValue).sum();
        assertThat(owed, lessThan(mix.shares().size() * most + 1));
      }
      plain.came.forEach(
          (stratum, came) ->
              assertThat(
                  plain.state.given(stratum) + plain.state.waitingRecords(stratum), is(came)));
      for (int[] dealt : plain.blocks) {
        assertThat(java.util.Arrays.stream(dealt).sum(), is(block));
      }
      assertThat(plain.blocks.size(), greaterThan(0));
    }
  }
}
