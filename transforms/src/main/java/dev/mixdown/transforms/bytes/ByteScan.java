package dev.mixdown.transforms.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for bytes eight at a time. The zero-byte test is the one of H. S. Warren, Hacker's Delight
 * (6-1): it marks the first match exactly, and perhaps bytes after it, which do not matter.
 */
public final class ByteScan {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long NEWLINES = ONES * '\n';
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';

  private ByteScan() {}

  private static long at(byte[] b, int i) {
    return (long) LONG.get(b, i);
  }

  /** The first newline of {@code b[from..to)}; {@code to} when there is none. */
  public static int newline(byte[] b, int from, int to) {
    int i = from;
    // Most lines are longer than this: four words cost one branch. Compared with a bound that does
    // not change, the loop is one that the compiler knows how to check once.
    int last = to - 32;
    for (; i <= last; i += 32) {
      long match =
          newlines(at(b, i))
              | newlines(at(b, i + 8))
              | newlines(at(b, i + 16))
              | newlines(at(b, i + 24));
      if ((match & HIGH) != 0) {
        break;
      }
    }
    for (; i + 8 <= to; i += 8) {
      long match = newlines(at(b, i)) & HIGH;
      if (match != 0) {
        return i + (Long.numberOfTrailingZeros(match) >>> 3);
      }
    }
    while (i < to && b[i] != '\n') {
      i++;
    }
    return i;
  }

  /** The high bits mark newlines; the others mean nothing. */
  private static long newlines(long word) {
    long x = word ^ NEWLINES;
    return (x - ONES) & ~x;
  }

  /**
   * The first byte of a JSON string that is not plain: a quote, a backslash, a control character,
   * or the beginning of a longer UTF-8 sequence; {@code to} when there is none.
   */
  public static int special(byte[] b, int from, int to) {
    int i = from;
    for (; i + 8 <= to; i += 8) {
      long w = at(b, i);
      long quote = w ^ QUOTES;
      long backslash = w ^ BACKSLASHES;
      long match =
          (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((w - SPACES) & ~w) | w)
              & HIGH;
      if (match != 0) {
        return i + (Long.numberOfTrailingZeros(match) >>> 3);
      }
    }
    while (i < to && b[i] >= ' ' && b[i] != '"' && b[i] != '\\') {
      i++;
    }
    return i;
  }

  /** The first byte of 0x80 or above; {@code to} when there is none. */
  static int firstAtLeast80(byte[] b, int from, int to) {
    int i = from;
    for (; i + 8 <= to; i += 8) {
      long match = at(b, i) & HIGH;
      if (match != 0) {
        return i + (Long.numberOfTrailingZeros(match) >>> 3);
      }
    }
    while (i < to && b[i] >= 0) {
      i++;
    }
    return i;
  }
}
