package dev.mixdown.transforms.formats;

import java.math.BigInteger;
import java.util.Arrays;

/** A buffer that values are put into in their canonical encoding. It is used for row after row. */
final class CanonicalBytes {
  private static final long NANOS = 1_000_000_000;

  private byte[] bytes = new byte[1 << 12];
  private byte[] scratch = new byte[1 << 12];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  void put(byte[] value, int from, int size) {
    ensure(size);
    System.arraycopy(value, from, bytes, length, size);
    length += size;
  }

  void put(char kind) {
    ensure(1);
    bytes[length++] = (byte) kind;
  }

  void put(long value) {
    ensure(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  /** A whole number, whatever it was stored in. */
  void putInteger(long value) {
    put('i');
    put(value);
  }

  /** A decimal, without the zeros at its end: one that is whole is a whole number. */
  void putDecimal(long unscaled, int scale) {
    long digits = unscaled;
    int behind = scale;
    while (behind > 0 && digits % 10 == 0) {
      digits /= 10;
      behind--;
    }
    if (behind == 0) {
      putInteger(digits);
    } else {
      put('n');
      put(behind);
      put(digits);
    }
  }

  /** A decimal of any size. */
  void putDecimal(BigInteger unscaled, int scale) {
    BigInteger digits = unscaled;
    int behind = scale;
    while (behind > 0) {
      BigInteger[] parts = digits.divideAndRemainder(BigInteger.TEN);
      if (parts[1].signum() != 0) {
        break;
      }
      digits = parts[0];
      behind--;
    }
    if (digits.bitLength() < Long.SIZE) {
      putDecimal(digits.longValueExact(), behind);
    } else {
      byte[] value = digits.toByteArray();
      put('N');
      put(behind);
      put(value.length);
      put(value, 0, value.length);
    }
  }

  /** A moment, counted from 1970 in some unit. */
  void putTimestamp(long value, long perSecond) {
    moment(Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (NANOS / perSecond));
  }

  private void moment(long seconds, long nanos) {
    put('T');
    put(seconds);
    put(nanos);
  }

  /** A moment as a day and the nanoseconds in it. */
  void putTimestampOfDay(long epochDay, long nanosOfDay) {
    moment(epochDay * 86_400 + Math.floorDiv(nanosOfDay, NANOS), Math.floorMod(nanosOfDay, NANOS));
  }

  /** A time of the day, counted in some unit. */
  void putTime(long value, long perSecond) {
    put('h');
    put(value * (NANOS / perSecond));
  }

  /**
   * Puts the stretches from {@code starts[0]} to the end into the order of their fields.
   *
   * @param fieldOf which field each stretch is of, from 0 to {@code fields}
   * @param starts where each begins
   */
  void sort(int[] fieldOf, int[] starts, int stretches, int fields) {
    int first = starts[0];
    if (scratch.length < length - first) {
      scratch = new byte[(length - first) * 2];
    }
    int moved = 0;
    for (int field = 0; field < fields; field++) {
      for (int s = 0; s < stretches; s++) {
        if (fieldOf[s] == field) {
          int end = s + 1 < stretches ? starts[s + 1] : length;
          System.arraycopy(bytes, starts[s], scratch, moved, end - starts[s]);
          moved += end - starts[s];
        }
      }
    }
    System.arraycopy(scratch, 0, bytes, first, moved);
  }
}
