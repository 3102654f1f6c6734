package dev.mixdown.transforms.selection;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Codes of some records of a shard: what the rules say of them. */
public final class Codes {
  private static final int ROW = 2 * Integer.BYTES;

  private int[] records = new int[64];
  private int[] codes = new int[64];
  private int size;

  /** Adds a record's code. */
  public void add(int record, int code) {
    if (size == records.length) {
      records = Arrays.copyOf(records, 2 * size);
      codes = Arrays.copyOf(codes, 2 * size);
    }
    records[size] = record;
    codes[size++] = code;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** Packed to travel: for each its record and code. */
  public byte[] pack() {
    ByteBuffer packed = ByteBuffer.allocate(size * ROW);
    for (int i = 0; i < size; i++) {
      packed.putInt(records[i]).putInt(codes[i]);
    }
    return packed.array();
  }

  /**
   * The codes of all records of a shard, put together from what was packed.
   *
   * @param most the records' numbers are below it
   * @return by record; 0 for none
   */
  public static int[] together(Iterable<byte[]> packed, int most) {
    int[] together = new int[most];
    for (byte[] bytes : packed) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      while (in.hasRemaining()) {
        together[in.getInt()] = in.getInt();
      }
    }
    return together;
  }
}
