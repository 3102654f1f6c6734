package dev.mixdown.transforms.identities;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bits one after the other, the highest of a byte first. They are written a word at a time. */
final class BitWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[1 << 12];
  private int size;

  /** The bits that are not written yet, from the highest on. */
  private long pending;

  private int pendingBits;

  /** Adds the lowest {@code bits} of a value; from 0 to 64. */
  void bits(long value, int bits) {
    if (bits == 0) {
      return;
    }
    long clean = bits == Long.SIZE ? value : value & (1L << bits) - 1;
    int free = Long.SIZE - pendingBits;
    if (bits < free) {
      pending |= clean << (free - bits);
      pendingBits += bits;
      return;
    }
    int left = bits - free;
    write(pending | clean >>> left);
    // In two steps: nothing is moved by 64.
    pending = clean << 1 << (Long.SIZE - 1 - left);
    pendingBits = left;
  }

  private void write(long word) {
    if (bytes.length - size < Long.BYTES) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    LONG.set(bytes, size, word);
    size += Long.BYTES;
  }

  /** Adds a number as that many zeros, and a one. */
  void unary(long zeros) {
    long left = zeros;
    for (; left >= Long.SIZE; left -= Long.SIZE) {
      bits(0, Long.SIZE);
    }
    bits(1, (int) left + 1);
  }

  /**
   * Adds a number in the Rice code of a parameter: its high bits as zeros and a one, then the rest.
   */
  void rice(long number, int parameter) {
    long high = number >>> parameter;
    if (high + 1 + parameter <= Long.SIZE) {
      long low = number & (1L << parameter) - 1;
      bits(1L << parameter | low, (int) high + 1 + parameter);
    } else {
      unary(high);
      bits(number, parameter);
    }
  }

  /** Adds a number of at least 1 in Elias' gamma code: small numbers take few bits. */
  void gamma(long number) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(number);
    unary(bits - 1);
    bits(number, bits - 1);
  }

  /** The bytes so far, the last one filled up with zeros; it is empty afterwards. */
  byte[] take() {
    int whole = size + (pendingBits + Byte.SIZE - 1) / Byte.SIZE;
    write(pending);
    byte[] taken = Arrays.copyOf(bytes, whole);
    size = 0;
    pending = 0;
    pendingBits = 0;
    return taken;
  }
}
