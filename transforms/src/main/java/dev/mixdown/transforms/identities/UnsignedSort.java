package dev.mixdown.transforms.identities;

/**
 * Sorts 64-bit keys as unsigned numbers, and an index along with them, so that equal keys keep
 * their order. The highest four bytes in which the keys differ at all are sorted by counting, byte
 * by byte from the lowest; few keys are alike in those, and are brought into order by insertion.
 */
public final class UnsignedSort {
  private static final int SORTED_BITS = 32;

  /** Insertion that moves keys so often, on average, is slower than counting the other bytes. */
  private static final int MOST_MOVES = 4;

  private long[] otherKeys = new long[0];
  private int[] otherIndex = new int[0];

  /** Sorts the first {@code n} of {@code keys}. */
  public void sort(long[] keys, int n) {
    if (otherKeys.length < n) {
      otherKeys = new long[n];
    }
    int bits = differingBits(keys, n);
    int low = Math.max(0, bits - SORTED_BITS);
    byCounting(keys, n, low, bits);
    if (low > 0 && !byInsertion(keys, n)) {
      byCounting(keys, n, 0, low);
      byCounting(keys, n, low, bits);
    }
  }

  /** How many of the lowest bits hold all that keys differ in. */
  private static int differingBits(long[] keys, int n) {
    long different = 0;
    for (int i = 1; i < n; i++) {
      different |= keys[i] ^ keys[0];
    }
    return Long.SIZE - Long.numberOfLeadingZeros(different);
  }

  private void byCounting(long[] keys, int n, int fromBit, int toBit) {
    long[] from = keys;
    long[] to = otherKeys;
    for (int shift = fromBit; shift < toBit; shift += Byte.SIZE) {
      int[] starts = new int[257];
      for (int i = 0; i < n; i++) {
        starts[((int) (from[i] >>> shift) & 0xFF) + 1]++;
      }
      for (int v = 1; v < 257; v++) {
        starts[v] += starts[v - 1];
      }
      for (int i = 0; i < n; i++) {
        to[starts[(int) (from[i] >>> shift) & 0xFF]++] = from[i];
      }
      long[] swap = from;
      from = to;
      to = swap;
    }
    if (from != keys) {
      System.arraycopy(from, 0, keys, 0, n);
    }
  }

  /** False where it gives up; the keys are all there then, but not sorted. */
  private static boolean byInsertion(long[] keys, int n) {
    long left = (long) MOST_MOVES * n;
    for (int i = 1; i < n; i++) {
      long key = keys[i];
      int k = i;
      for (; k > 0 && Long.compareUnsigned(keys[k - 1], key) > 0; k--) {
        keys[k] = keys[k - 1];
      }
      keys[k] = key;
      left -= i - k;
      if (left < 0) {
        return false;
      }
    }
    return true;
  }

  /** Sorts the first {@code n} of {@code keys} and {@code index}. */
  public void sort(long[] keys, int[] index, int n) {
    if (n < 2) {
      return;
    }
    if (otherKeys.length < n) {
      otherKeys = new long[n];
    }
    if (otherIndex.length < n) {
      otherIndex = new int[n];
    }
    int bits = differingBits(keys, n);
    int low = Math.max(0, bits - SORTED_BITS);
    byCounting(keys, index, n, low, bits);
    if (low > 0 && !byInsertion(keys, index, n)) {
      // Equal keys are still in their order: insertion moves nothing past an equal key.
      byCounting(keys, index, n, 0, bits);
    }
  }

  private void byCounting(long[] keys, int[] index, int n, int fromBit, int toBit) {
    long[] fromKeys = keys;
    int[] fromIndex = index;
    long[] toKeys = otherKeys;
    int[] toIndex = otherIndex;
    for (int shift = fromBit; shift < toBit; shift += Byte.SIZE) {
      int[] starts = new int[257];
      for (int i = 0; i < n; i++) {
        starts[((int) (fromKeys[i] >>> shift) & 0xFF) + 1]++;
      }
      for (int v = 1; v < 257; v++) {
        starts[v] += starts[v - 1];
      }
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

  /** False where it gives up; the keys are all there then, but not sorted. */
  private static boolean byInsertion(long[] keys, int[] index, int n) {
    long left = (long) MOST_MOVES * n;
    for (int i = 1; i < n; i++) {
      long key = keys[i];
      if (Long.compareUnsigned(keys[i - 1], key) > 0) {
        int number = index[i];
        int k = i;
        for (; k > 0 && Long.compareUnsigned(keys[k - 1], key) > 0; k--) {
          keys[k] = keys[k - 1];
          index[k] = index[k - 1];
        }
        keys[k] = key;
        index[k] = number;
        left -= i - k;
        if (left < 0) {
          return false;
        }
      }
    }
    return true;
  }
}
