package dev.mixdown.transforms.records;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Numbers the different values of a field, in the order of their coming. */
final class ValueDictionary {
  private static final Hasher64 HASHER = Hashing.xxh3_64();

  private final int most;
  private final List<byte[]> values = new ArrayList<>();
  private int[] table = new int[64];

  /**
   * @param most how many different values there may be
   */
  ValueDictionary(int most) {
    this.most = most;
  }

  /** The number of a value; -1 when it is one too many. */
  int number(byte[] b, int from, int to) {
    int mask = table.length - 1;
    int slot = (int) HASHER.hashBytesToLong(b, from, to - from) & mask;
    while (table[slot] != 0) {
      byte[] known = values.get(table[slot] - 1);
      if (Arrays.equals(known, 0, known.length, b, from, to)) {
        return table[slot] - 1;
      }
      slot = (slot + 1) & mask;
    }
    if (values.size() == most) {
      return -1;
    }
    values.add(Arrays.copyOfRange(b, from, to));
    table[slot] = values.size();
    if (values.size() * 2 > table.length) {
      grow();
    }
    return values.size() - 1;
  }

  private void grow() {
    table = new int[table.length * 4];
    int mask = table.length - 1;
    for (int n = 0; n < values.size(); n++) {
      int slot = (int) HASHER.hashBytesToLong(values.get(n)) & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = n + 1;
    }
  }

  /** A value by its number. */
  String value(int number) {
    return new String(values.get(number), StandardCharsets.UTF_8);
  }
}
