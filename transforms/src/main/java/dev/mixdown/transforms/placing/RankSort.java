package dev.mixdown.transforms.placing;

/**
 * Sorts 64-bit keys as unsigned numbers, and an index along with them: by counting, byte by byte
 * from the lowest, so that equal keys keep their order.
 */
final class RankSort {
  private long[] otherKeys = new long[0];
  private int[] otherIndex = new int[0];

  /** Sorts the first {@code n} of {@code keys} and {@code index}. */
  void sort(long[] keys, int[] index, int n) {
    if (otherKeys.length < n) {
      otherKeys = new long[n];
      otherIndex = new int[n];
    }
    int[][] counts = new int[8][257];
    for (int i = 0; i < n; i++) {
      long key = keys[i];
      for (int b = 0; b < 8; b++) {
        counts[b][((int) (key >>> (8 * b)) & 0xFF) + 1]++;
      }
    }
    long[] fromKeys = keys;
    int[] fromIndex = index;
    long[] toKeys = otherKeys;
    int[] toIndex = otherIndex;
    for (int b = 0; b < 8; b++) {
      int[] starts = counts[b];
      if (allAlike(starts, n)) {
        continue;
      }
      for (int v = 1; v < 257; v++) {
        starts[v] += starts[v - 1];
      }
      int shift = 8 * b;
      for (int i = 0; i < n; i++) {
        int to = starts[(int) (fromKeys[i] >>> shift) & 0xFF]++;
        toKeys[to] = fromKeys[i];
        toIndex[to] = fromIndex[i];
      }
      long[] swapKeys = fromKeys;
      fromKeys = toKeys;
      toKeys = swapKeys;
      int[] swapIndex = fromIndex;
      fromIndex = toIndex;
      toIndex = swapIndex;
    }
    if (fromKeys != keys) {
      System.arraycopy(fromKeys, 0, keys, 0, n);
      System.arraycopy(fromIndex, 0, index, 0, n);
    }
  }

  private static boolean allAlike(int[] counts, int n) {
    for (int count : counts) {
      if (count > 0) {
        return count == n;
      }
    }
    return true;
  }
}
