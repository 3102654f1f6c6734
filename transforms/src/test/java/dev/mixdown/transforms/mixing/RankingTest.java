package dev.mixdown.transforms.mixing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RankingTest {
  @Test
  void the_algorithm_is_pinned_because_manifests_depend_on_it() {
    Ranking ranking = Ranking.ofPass(42, 0, "highway", 1);
    assertThat(ranking.value(0), is(3477571372467320419L));
    assertThat(ranking.value(-1), is(4037763534762461726L));
  }

  @Test
  void different_identities_never_share_a_value_and_values_spread_evenly() {
    Ranking ranking = Ranking.ofPass(1, 2, "d", 3);
    // Neighbouring numbers are the hardest identities.
    long[] values = LongStream.range(0, 1 << 20).map(ranking::value).sorted().toArray();
    for (int i = 1; i < values.length; i++) {
      assertThat(values[i] == values[i - 1], is(false));
    }
    int[] bins = new int[256];
    Arrays.stream(values).forEach(v -> bins[(int) (v >>> 56)]++);
    for (int bin : bins) {
      assertThat(Math.abs(bin - 4096), lessThan(400));
    }
  }

  @Test
  void passes_epochs_seeds_and_datasets_order_records_independently() {
    Ranking base = Ranking.ofPass(0, 0, "d", 0);
    Ranking[] others = {
      Ranking.ofPass(1, 0, "d", 0),
      Ranking.ofPass(0, 1, "d", 0),
      Ranking.ofPass(0, 0, "e", 0),
      Ranking.ofPass(0, 0, "d", 1),
      Ranking.ofAugmentation(0, 0, "d", 0)
    };
    SplittableRandom random = new SplittableRandom(6);
    for (Ranking other : others) {
      int agree = 0;
      for (int i = 0; i < 100_000; i++) {
        long a = random.nextLong();
        long b = random.nextLong();
        boolean before = Long.compareUnsigned(base.value(a), base.value(b)) < 0;
        boolean beforeToo = Long.compareUnsigned(other.value(a), other.value(b)) < 0;
        agree += before == beforeToo ? 1 : 0;
      }
      assertThat(Math.abs(agree - 50_000), lessThan(800));
      assertThat(other.value(5), not(base.value(5)));
    }
  }
}
