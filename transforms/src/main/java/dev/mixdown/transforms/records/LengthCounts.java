package dev.mixdown.transforms.records;

import dev.mixdown.recipes.checking.Lengths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts lengths exactly: short ones in an array, and the few that are longer, each of a record of
 * at least as many bytes, one by one.
 */
final class LengthCounts {
  private static final int SHORT = 1 << 16;

  private long[] counts = new long[1024];
  private long[] longer = new long[16];
  private int longerCount;

  void add(long length) {
    if (length >= SHORT) {
      if (longerCount == longer.length) {
        longer = Arrays.copyOf(longer, longerCount * 2);
      }
      longer[longerCount++] = length;
      return;
    }
    if (length >= counts.length) {
      counts =
          Arrays.copyOf(counts, (int) Math.min(SHORT, Math.max(length + 1, counts.length * 2L)));
    }
    counts[(int) length]++;
  }

  Lengths lengths() {
    List<Long> values = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (int length = 0; length < counts.length; length++) {
      if (counts[length] > 0) {
        values.add((long) length);
        times.add(counts[length]);
      }
    }
    long[] sorted = Arrays.copyOf(longer, longerCount);
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; ) {
      int end = i;
      while (end < sorted.length && sorted[end] == sorted[i]) {
        end++;
      }
      values.add(sorted[i]);
      times.add((long) end - i);
      i = end;
    }
    return new Lengths(values, times);
  }
}
