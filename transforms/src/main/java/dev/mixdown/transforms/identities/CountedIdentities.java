package dev.mixdown.transforms.identities;

import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.util.Arrays;

/** Identities of one range with how often each is there: filled in any order, then sorted. */
public final class CountedIdentities {
  private long[] values = new long[1 << 10];
  private int[] counts = new int[1 << 10];
  private int size;
  private int next;

  /** Adds an identity as often as {@code count} says; it may be added again. */
  public void add(long identity, int count) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    values[size] = identity;
    counts[size++] = count;
  }

  /** Adds a range of a file of runs, of all its groups. */
  public void addRange(Storage storage, String path, int range, int rangeBits) throws IOException {
    try (RunsReader runs = new RunsReader(storage, path)) {
      runs.range(range, rangeBits);
      while (runs.next()) {
        for (int i = 0; i < runs.size(); i++) {
          add(runs.identity(i), runs.count(i));
        }
      }
    }
  }

  /** Sorts, and adds up what was added several times. */
  public void sort(UnsignedSort sort) {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    sort.sort(values, order, size);
    int[] sorted = new int[size];
    int last = -1;
    for (int i = 0; i < size; i++) {
      if (last < 0 || values[i] != values[last]) {
        values[++last] = values[i];
        sorted[last] = 0;
      }
      sorted[last] = Math.addExact(sorted[last], counts[order[i]]);
    }
    counts = sorted;
    size = last + 1;
  }

  /** How many different ones there are; after sorting. */
  public int size() {
    return size;
  }

  /** How often an identity is there; each call asks for a larger one. */
  public long count(long identity) {
    while (next < size && Long.compareUnsigned(values[next], identity) < 0) {
      next++;
    }
    return next < size && values[next] == identity ? counts[next] : 0;
  }

  /** What is left of them without others, each as often as it is left; after sorting. */
  public long[] without(CountedIdentities others) {
    long[] left = new long[Math.max(1, size)];
    int n = 0;
    for (int i = 0; i < size; i++) {
      for (long k = counts[i] - others.count(values[i]); k > 0; k--) {
        if (n == left.length) {
          left = Arrays.copyOf(left, 2 * n);
        }
        left[n++] = values[i];
      }
    }
    return Arrays.copyOf(left, n);
  }

  /** What two collections have in common. */
  public Overlap overlap(CountedIdentities other) {
    long both = 0;
    long here = 0;
    long there = 0;
    long held = 0;
    int i = 0;
    int k = 0;
    while (i < size || k < other.size) {
      int order =
          i == size ? 1 : k == other.size ? -1 : Long.compareUnsigned(values[i], other.values[k]);
      long a = order <= 0 ? counts[i++] : 0;
      long b = order >= 0 ? other.counts[k++] : 0;
      both += Math.min(a, b);
      here += Math.max(0, a - b);
      there += Math.max(0, b - a);
      held += b > 0 ? a : 0;
    }
    return new Overlap(both, here, there, held);
  }
}
