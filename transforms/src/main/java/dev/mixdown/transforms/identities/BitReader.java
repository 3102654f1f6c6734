package dev.mixdown.transforms.identities;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads what a {@link BitWriter} wrote. */
final class BitReader {
  /** Bytes behind the last one that have to be there: whole words are looked at. */
  static final int PADDING = 2 * Long.BYTES;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[PADDING];
  private long position;

  /**
   * Begins to read.
   *
   * @param padded with {@link #PADDING} bytes behind what is read
   * @param from the first byte
   */
  void open(byte[] padded, int from) {
    bytes = padded;
    position = (long) from * Byte.SIZE;
  }

  /** The next 57 bits, or a few more, from the highest on. */
  private long look() {
    return (long) LONG.get(bytes, (int) (position >>> 3)) << (position & 7);
  }

  long bits(int bits) {
    if (bits > 32) {
      long high = bits(bits - 32);
      return high << 32 | bits(32);
    }
    // In two steps: nothing is moved by 64.
    long value = look() >>> 1 >>> (Long.SIZE - 1 - bits);
    position += bits;
    return value;
  }

  long unary() {
    long zeros = 0;
    while (true) {
      int here = Long.numberOfLeadingZeros(look());
      if (here < 56) {
        position += here + 1;
        return zeros + here;
      }
      if (position >= (long) (bytes.length - PADDING) * Byte.SIZE) {
        throw new IllegalStateException("a number has no end");
      }
      position += 56;
      zeros += 56;
    }
  }

  long gamma() {
    int bits = (int) unary();
    return 1L << bits | bits(bits);
  }
}
