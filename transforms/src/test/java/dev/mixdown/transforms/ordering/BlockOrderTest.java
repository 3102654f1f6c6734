package dev.mixdown.transforms.ordering;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BlockOrderTest {
  @Test
  void a_shuffled_block_has_the_counts_and_another_order_in_each_block_seed_and_epoch() {
    int[] counts = {500, 0, 300, 224};
    int[] first = new int[1024];
    assertThat(new BlockOrder(1, 0, true).fill(0, counts, first), is(1024));
    for (int s = 0; s < counts.length; s++) {
      int stratum = s;
      assertThat((int) Arrays.stream(first).filter(x -> x == stratum).count(), is(counts[s]));
    }
    int[] again = new int[1024];
    new BlockOrder(1, 0, true).fill(0, counts, again);
    assertThat(again, is(first));
    new BlockOrder(1, 0, true).fill(1, counts, again);
    assertThat(again, not(first));
    new BlockOrder(2, 0, true).fill(0, counts, again);
    assertThat(again, not(first));
    new BlockOrder(1, 1, true).fill(0, counts, again);
    assertThat(again, not(first));
  }

  @Test
  void unshuffled_strata_are_spread_evenly() {
    int[] counts = {50, 30, 20};
    int[] strata = new int[100];
    new BlockOrder(0, 0, false).fill(0, counts, strata);
    int[] seen = new int[3];
    for (int i = 0; i < 100; i++) {
      seen[strata[i]]++;
      for (int s = 0; s < 3; s++) {
        assertThat(Math.abs(seen[s] - counts[s] * (i + 1) / 100.0), lessThan(1.5));
      }
    }
    int[] four = new int[4];
    new BlockOrder(0, 0, false).fill(0, new int[] {2, 2}, four);
    assertThat(four, is(new int[] {0, 1, 0, 1}));
  }

  @Test
  void every_place_of_a_block_is_reached_about_as_often() {
    int[] hits = new int[16];
    int[] strata = new int[16];
    int[] counts = new int[16];
    Arrays.fill(counts, 1);
    for (int block = 0; block < 16_000; block++) {
      new BlockOrder(9, 0, true).fill(block, counts, strata);
      for (int i = 0; i < 16; i++) {
        if (strata[i] == 3) {
          hits[i]++;
        }
      }
    }
    for (int hit : hits) {
      assertThat(Math.abs(hit - 1000), lessThan(150));
    }
  }
}
