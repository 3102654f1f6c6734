package dev.mixdown.transforms.identities;

import java.util.Arrays;

/** Bits one after the other, the highest of a byte first. */
final class BitWriter {
  private byte[] bytes = new byte[1 << 12];
  private int size;
  private long pending;
  private int pendingBits;

  /** Adds the lowest {@code bits} of a value; at most 32. */
  private void put(long value, int bits) {
    pending = pending << bits | (value & (1L << bits) - 1);
    pendingBits += bits;
    if (bytes.length - size < Long.BYTES) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    while (pendingBits >= Byte.SIZE) {
      pendingBits -= Byte.SIZE;
      bytes[size++] = (byte) (pending >>> pendingBits);
    }
  }

  /** Adds the lowest {@code bits} of a value; from 0 to 64. */
  void bits(long value, int bits) {
    if (bits > 32) {
      put(value >>> 32, bits - 32);
      put(value, 32);
    } else {
      put(value, bits);
    }
  }

  /** Adds a number as that many zeros, and a one. */
  void unary(long zeros) {
    long left = zeros;
    for (; left >= 32; left -= 32) {
      put(0, 32);
    }
    put(1, (int) left + 1);
  }

  /** Adds a number of at least 1 in Elias' gamma code: small numbers take few bits. */
  void gamma(long number) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(number);
    unary(bits - 1);
    bits(number, bits - 1);
  }

  /** The bytes so far, the last one filled up with zeros; it is empty afterwards. */
  byte[] take() {
    if (pendingBits > 0) {
      put(0, Byte.SIZE - pendingBits);
    }
    byte[] taken = Arrays.copyOf(bytes, size);
    size = 0;
    pending = 0;
    return taken;
  }
}
