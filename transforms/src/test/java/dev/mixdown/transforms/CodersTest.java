package dev.mixdown.transforms;

import java.util.List;
import java.util.SplittableRandom;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.junit.jupiter.api.Test;

/** What travels between workers arrives as it left, in the same bytes every time. */
class CodersTest {
  private static <T> void holds(Coder<T> coder, List<T> values) throws Exception {
    CoderProperties.coderSerializable(coder);
    for (T value : values) {
      CoderProperties.coderDecodeEncodeEqual(coder, value);
      CoderProperties.coderDeterministic(coder, value, value);
    }
  }

  @Test
  void blocks_arrive_as_they_left() throws Exception {
    byte[] large = new byte[70_000];
    new SplittableRandom(1).nextBytes(large);
    holds(BlockCoder.of(), List.of(new byte[0], new byte[] {0}, new byte[] {-1, 127, -128}, large));
  }

  @Test
  void arrays_of_counts_arrive_as_they_left() throws Exception {
    holds(
        LongArrayCoder.of(),
        List.of(
            new long[0],
            new long[] {0, 1, 127, 128, 1 << 20},
            new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1},
            new SplittableRandom(2).longs(1_000).toArray()));
  }
}
