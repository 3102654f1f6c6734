package dev.mixdown.transforms.identities;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnsignedSortTest {
  @Test
  void keys_are_sorted_as_unsigned_and_equal_ones_keep_their_order() {
    SplittableRandom random = new SplittableRandom(1);
    UnsignedSort sort = new UnsignedSort();
    for (int round = 0; round < 200; round++) {
      int n = random.nextInt(3_000);
      // Few keys, many, some between, and such as differ in the highest and the lowest bits only.
      long mask = new long[] {7, -1, 0xFF00, 0xC000_0000_0000_FFFFL}[round % 4];
      long[] keys = IntStream.range(0, n).mapToLong(i -> random.nextLong() & mask).toArray();
      int[] index = IntStream.range(0, n).toArray();
      long[] before = keys.clone();
      int[] expected =
          IntStream.range(0, n)
              .boxed()
              .sorted(
                  Comparator.comparing((Integer i) -> before[i], Long::compareUnsigned)
                      .thenComparing(Comparator.naturalOrder()))
              .mapToInt(Integer::intValue)
              .toArray();
      sort.sort(keys, index, n);
      assertThat(index, is(expected));
      long[] alone = before.clone();
      sort.sort(alone, n);
      assertThat(alone, is(keys));
    }
  }
}
