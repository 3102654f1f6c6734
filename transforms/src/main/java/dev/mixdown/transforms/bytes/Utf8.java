package dev.mixdown.transforms.bytes;

/** Validates UTF-8 by the Unicode standard's table 3-7: no surrogates, no overlong forms. */
public final class Utf8 {
  private Utf8() {}

  /**
   * The length of the sequence that begins at {@code i} with a byte of 0x80 or above; 0 when it is
   * not valid or runs beyond {@code to}.
   */
  static int sequence(byte[] b, int i, int to) {
    int first = b[i] & 0xFF;
    if (first >= 0xC2 && first <= 0xDF) {
      return i + 1 < to && continues(b[i + 1]) ? 2 : 0;
    }
    if (first >= 0xE0 && first <= 0xEF) {
      if (i + 2 >= to || !continues(b[i + 1]) || !continues(b[i + 2])) {
        return 0;
      }
      int second = b[i + 1] & 0xFF;
      boolean overlong = first == 0xE0 && second < 0xA0;
      boolean surrogate = first == 0xED && second >= 0xA0;
      return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
      if (i + 3 >= to || !continues(b[i + 1]) || !continues(b[i + 2]) || !continues(b[i + 3])) {
        return 0;
      }
      int second = b[i + 1] & 0xFF;
      boolean overlong = first == 0xF0 && second < 0x90;
      boolean beyond = first == 0xF4 && second >= 0x90;
      return overlong || beyond ? 0 : 4;
    }
    return 0;
  }

  private static boolean continues(byte b) {
    return (b & 0xC0) == 0x80;
  }

  /** The first byte of {@code b[from..to)} that is not UTF-8; -1 when all is. */
  public static int firstInvalid(byte[] b, int from, int to) {
    int i = from;
    while (i < to) {
      i = ByteScan.firstAtLeast80(b, i, to);
      if (i < to) {
        int length = sequence(b, i, to);
        if (length == 0) {
          return i;
        }
        i += length;
      }
    }
    return -1;
  }
}
