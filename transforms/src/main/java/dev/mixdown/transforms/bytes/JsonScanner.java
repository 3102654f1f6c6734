package dev.mixdown.transforms.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a record is one JSON object (RFC 8259) in valid UTF-8, and notes where the values of
 * some of its own fields stand. It makes no objects: a scanner is used for all records of a shard.
 */
public final class JsonScanner {
  /** How deep objects and lists may lie in one another. */
  static final int MAX_DEPTH = 1000;

  private final byte[][] names;
  private final int[] starts;
  private final int[] ends;
  private final boolean[] inList = new boolean[MAX_DEPTH + 1];

  private byte[] b = new byte[0];
  private int to;
  private int errorAt;
  private @Nullable String error;

  /**
   * @param fields whose values are wanted; at the top of the record
   */
  public JsonScanner(List<String> fields) {
    names = fields.stream().map(f -> f.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    starts = new int[names.length];
    ends = new int[names.length];
  }

  /** What is wrong with the record that was scanned last. */
  public String error() {
    return error == null ? "" : error;
  }

  /** Where in the buffer. */
  public int errorAt() {
    return errorAt;
  }

  /** The first byte of a wanted field's value; -1 where the record has no such field. */
  public int start(int field) {
    return starts[field];
  }

  /** One beyond its last byte. */
  public int end(int field) {
    return ends[field];
  }

  /** Whether {@code bytes[from..end)} is one object; if not, {@link #error} says why. */
  public boolean scan(byte[] bytes, int from, int end) {
    b = bytes;
    to = end;
    error = null;
    Arrays.fill(starts, -1);
    int i = space(from);
    if (i >= to || b[i] != '{') {
      // It may still be JSON, but a record it is not.
      fail(i, "is not a JSON object: it begins with " + shown(i));
      return false;
    }
    i = object(i);
    if (i < 0) {
      return false;
    }
    i = space(i);
    if (i < to) {
      fail(i, "has " + shown(i) + " after the end of its object");
      return false;
    }
    return true;
  }

  /** Reads the record's object from its brace; the place behind it, or -1. */
  private int object(int from) {
    int depth = 1;
    inList[1] = false;
    int i = space(from + 1);
    boolean afterComma = false;
    int open = -1;
    while (true) {
      // At an element's beginning, or at the closing of what is open.
      if (i >= to) {
        return cut();
      }
      byte c = b[i];
      if (c == (inList[depth] ? ']' : '}')) {
        if (afterComma) {
          return fail(i, "has a comma before " + shown(i));
        }
        i++;
        depth--;
        if (depth == 0) {
          return i;
        }
        if (depth == 1 && open >= 0) {
          ends[open] = i;
          open = -1;
        }
      } else {
        int field = -1;
        if (!inList[depth]) {
          if (c != '"') {
            return fail(i, "has " + shown(i) + " where a key in quotes is expected");
          }
          int keyEnd = string(i + 1);
          if (keyEnd < 0) {
            return -1;
          }
          if (depth == 1 && names.length > 0) {
            field = field(i + 1, keyEnd - 1);
          }
          i = space(keyEnd);
          if (i >= to) {
            return cut();
          }
          if (b[i] != ':') {
            return fail(i, "has " + shown(i) + " where a colon is expected");
          }
          i = space(i + 1);
          if (i >= to) {
            return cut();
          }
          c = b[i];
        }
        if (field >= 0) {
          starts[field] = i;
        }
        if (c == '{' || c == '[') {
          if (++depth > MAX_DEPTH) {
            return fail(i, "is nested deeper than " + MAX_DEPTH);
          }
          inList[depth] = c == '[';
          i = space(i + 1);
          afterComma = false;
          if (depth == 2) {
            open = field;
          }
          continue;
        }
        i = scalar(i, c);
        if (i < 0) {
          return -1;
        }
        if (field >= 0) {
          ends[field] = i;
        }
      }
      i = space(i);
      if (i >= to) {
        return cut();
      }
      afterComma = b[i] == ',';
      if (afterComma) {
        i = space(i + 1);
      } else if (b[i] != (inList[depth] ? ']' : '}')) {
        return fail(
            i,
            "has "
                + shown(i)
                + " where a comma or the end of "
                + (inList[depth] ? "a list" : "an object")
                + " is expected");
      }
    }
  }

  private int scalar(int i, byte c) {
    return switch (c) {
      case '"' -> string(i + 1);
      case 't' -> word(i, "true");
      case 'f' -> word(i, "false");
      case 'n' -> word(i, "null");
      default -> number(i);
    };
  }

  /** Reads a string from behind its first quote; the place behind its last, or -1. */
  private int string(int from) {
    int i = from;
    while (true) {
      i = ByteScan.special(b, i, to);
      if (i >= to) {
        return cut();
      }
      byte c = b[i];
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i = escape(i + 1);
        if (i < 0) {
          return -1;
        }
      } else if (c < 0) {
        int length = Utf8.sequence(b, i, to);
        if (length == 0) {
          return fail(i, "is not valid UTF-8: byte 0x%02X".formatted(c & 0xFF));
        }
        i += length;
      } else {
        return fail(i, "has a control character in a string: byte 0x%02X".formatted(c));
      }
    }
  }

  private int escape(int i) {
    if (i >= to) {
      return cut();
    }
    switch (b[i]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return i + 1;
      }
      case 'u' -> {
        for (int k = 1; k <= 4; k++) {
          if (i + k >= to) {
            return cut();
          }
          if (Character.digit(b[i + k], 16) < 0) {
            return fail(i + k, "has an escape \\u without four hexadecimal digits");
          }
        }
        return i + 5;
      }
      default -> {
        return fail(i, "has an unknown escape: a backslash before " + shown(i));
      }
    }
  }

  private int word(int i, String word) {
    for (int k = 0; k < word.length(); k++) {
      if (i + k >= to) {
        return cut();
      }
      if (b[i + k] != word.charAt(k)) {
        return fail(i, "has " + shown(i) + " where a value is expected");
      }
    }
    return i + word.length();
  }

  private int number(int from) {
    int i = from;
    if (b[i] == '-') {
      i++;
    }
    int whole = i;
    i = digits(i);
    if (i == whole) {
      return i >= to ? cut() : fail(from, "has " + shown(from) + " where a value is expected");
    }
    if (b[whole] == '0' && i > whole + 1) {
      return fail(whole, "has a number with a zero before its digits");
    }
    if (i < to && b[i] == '.') {
      int fraction = i + 1;
      i = digits(fraction);
      if (i == fraction) {
        return i >= to ? cut() : fail(i, "has a number without digits after its point");
      }
    }
    if (i < to && (b[i] | 0x20) == 'e') {
      i++;
      if (i < to && (b[i] == '+' || b[i] == '-')) {
        i++;
      }
      int exponent = i;
      i = digits(exponent);
      if (i == exponent) {
        return i >= to ? cut() : fail(i, "has a number without digits in its exponent");
      }
    }
    return i;
  }

  private int digits(int from) {
    int i = from;
    while (i < to && b[i] >= '0' && b[i] <= '9') {
      i++;
    }
    return i;
  }

  private int space(int from) {
    int i = from;
    while (i < to && isSpace(b[i])) {
      i++;
    }
    return i;
  }

  public static boolean isSpace(byte c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private int field(int from, int end) {
    for (int i = from; i < end; i++) {
      if (b[i] == '\\') {
        byte[] decoded = JsonText.decode(b, from - 1, end + 1);
        return field(decoded, 0, decoded.length);
      }
    }
    return field(b, from, end);
  }

  private int field(byte[] key, int from, int end) {
    for (int f = 0; f < names.length; f++) {
      if (Arrays.equals(names[f], 0, names[f].length, key, from, end)) {
        return f;
      }
    }
    return -1;
  }

  private int cut() {
    return fail(to, "is cut short: its JSON object does not end");
  }

  private int fail(int at, String message) {
    errorAt = at;
    error = message;
    return -1;
  }

  private String shown(int i) {
    if (i >= to) {
      return "nothing";
    }
    int c = b[i];
    return c > ' ' && c < 0x7F ? "'" + (char) c + "'" : "byte 0x%02X".formatted(c & 0xFF);
  }
}
