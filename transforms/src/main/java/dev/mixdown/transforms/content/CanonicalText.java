package dev.mixdown.transforms.content;

import dev.mixdown.transforms.bytes.ByteScan;
import dev.mixdown.transforms.bytes.JsonScanner;
import dev.mixdown.transforms.bytes.JsonText;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;

/**
 * The canonical form of a record's content: equal for two records that say the same, in JSON in any
 * order of keys, with any white space and any form of numbers, or in another format.
 *
 * <p>A scalar is its text without its type; a text that is a JSON number is that number, as an
 * exact decimal. In objects, null and empty text are the same as an absent key, and keys are
 * sorted; lists keep all that they have. Bytes that no UTF-8 text has stand between these.
 */
final class CanonicalText {
  private static final byte SCALAR = (byte) 0xF8;
  private static final byte NULL = (byte) 0xF9;
  private static final byte LIST = (byte) 0xFA;
  private static final byte LIST_END = (byte) 0xFB;
  private static final byte OBJECT = (byte) 0xFC;
  private static final byte OBJECT_END = (byte) 0xFD;

  /** The bytes of an object without any field. */
  static final int EMPTY_OBJECT = 2;

  /** What cannot be parsed is its own bytes. */
  private static final byte UNPARSED = (byte) 0xFE;

  /** Numbers whose plain form is longer are written with an exponent. */
  private static final int LONGEST_PLAIN = 64;

  private static final int LONGEST_SIMPLE = 40;

  private final byte[][] only;
  private final boolean normalise;
  private byte[] out = new byte[1 << 12];
  private int size;
  private byte[] sorted = new byte[1 << 12];

  /** Of the fields of the objects that are open: where each begins, and where its key ends. */
  private int[] fields = new int[64];

  private int fieldCount;

  private byte[] b = new byte[0];
  private int to;
  private int at;

  /**
   * @param fields the fields at the top that count; empty for all
   * @param normalise whether text is brought into the form NFKC
   */
  CanonicalText(List<String> fields, boolean normalise) {
    only = fields.stream().map(f -> f.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.normalise = normalise;
  }

  /** The bytes of the form; valid until the next call. */
  byte[] bytes() {
    return out;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** Takes a record that is JSON; one that is not is taken as its bytes. */
  void json(byte[] bytes, int from, int end) {
    begin();
    b = bytes;
    at = from;
    to = end;
    try {
      value(0);
      space();
      if (at == to) {
        return;
      }
    } catch (NotJsonException | UncheckedIOException e) {
      // As its bytes.
    }
    begin();
    put(UNPARSED);
    put(bytes, from, end);
  }

  /** Begins a record of fields that are handed over one by one. */
  void begin() {
    size = 0;
    fieldCount = 0;
  }

  /** Begins an object. */
  int beginObject() {
    put(OBJECT);
    return fieldCount;
  }

  /** Takes a field's name; its value follows. */
  void key(byte[] name, int from, int end) {
    if (fields.length < fieldCount + 2) {
      fields = Arrays.copyOf(fields, 2 * fields.length);
    }
    fields[fieldCount++] = size;
    put(SCALAR);
    put(name, from, end);
    fields[fieldCount++] = size;
  }

  /** Takes a text that is a field's value. */
  void text(byte[] text, int from, int end) {
    put(SCALAR);
    scalar(text, from, end);
  }

  /**
   * Ends a field: it is as if it were not there where its value is empty, or where it does not
   * count.
   *
   * @param top whether it is a field of the record itself
   */
  void endField(boolean top) {
    int keyEnd = fields[fieldCount - 1];
    boolean empty = size == keyEnd + 1 && (out[keyEnd] == SCALAR || out[keyEnd] == NULL);
    if (empty || (top && only.length > 0 && !counts(fields[fieldCount - 2] + 1, keyEnd))) {
      fieldCount -= 2;
      size = fields[fieldCount];
    }
  }

  private boolean counts(int from, int end) {
    for (byte[] name : only) {
      if (Arrays.equals(out, from, end, name, 0, name.length)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Ends an object: sorts its fields by their keys; of several with one key the last counts.
   *
   * @param first what {@link #beginObject} gave
   */
  void endObject(int first) {
    int count = (fieldCount - first) / 2;
    boolean inOrder = true;
    for (int f = 1; f < count && inOrder; f++) {
      inOrder = compareKeys(first + 2 * (f - 1), first + 2 * f) < 0;
    }
    if (!inOrder) {
      sortFields(first, count);
    }
    fieldCount = first;
    put(OBJECT_END);
  }

  private int compareKeys(int a, int c) {
    return Arrays.compareUnsigned(out, fields[a], fields[a + 1], out, fields[c], fields[c + 1]);
  }

  private void sortFields(int first, int count) {
    int[] order = new int[count];
    for (int f = 0; f < count; f++) {
      int place = f;
      // Equal keys keep their order.
      while (place > 0 && compareKeys(first + 2 * order[place - 1], first + 2 * f) > 0) {
        order[place] = order[place - 1];
        place--;
      }
      order[place] = f;
    }
    int begin = fields[first];
    if (sorted.length < size - begin) {
      sorted = new byte[2 * (size - begin)];
    }
    int filled = 0;
    for (int f = 0; f < count; f++) {
      boolean last =
          f + 1 == count || compareKeys(first + 2 * order[f], first + 2 * order[f + 1]) != 0;
      if (last) {
        int from = fields[first + 2 * order[f]];
        int end = order[f] + 1 < count ? fields[first + 2 * (order[f] + 1)] : size;
        System.arraycopy(out, from, sorted, filled, end - from);
        filled += end - from;
      }
    }
    System.arraycopy(sorted, 0, out, begin, filled);
    size = begin + filled;
  }

  /** Takes a list's begin. */
  void beginList() {
    put(LIST);
  }

  void endList() {
    put(LIST_END);
  }

  void nothing() {
    put(NULL);
  }

  // JSON.

  private void value(int depth) {
    space();
    if (at >= to || depth > MAX_DEPTH) {
      throw new NotJsonException();
    }
    byte c = b[at];
    switch (c) {
      case '{' -> object(depth);
      case '[' -> list(depth);
      case '"' -> string();
      case 'n' -> {
        word(NULL_WORD);
        put(NULL);
      }
      case 't' -> {
        put(SCALAR);
        put(TRUE, 0, TRUE.length);
        word(TRUE);
      }
      case 'f' -> {
        put(SCALAR);
        put(FALSE, 0, FALSE.length);
        word(FALSE);
      }
      default -> {
        int from = at;
        while (at < to && isNumeric(b[at])) {
          at++;
        }
        if (!isNumber(b, from, at)) {
          throw new NotJsonException();
        }
        put(SCALAR);
        number(b, from, at);
      }
    }
  }

  private static final int MAX_DEPTH = 1000;
  private static final byte[] NULL_WORD = "null".getBytes(StandardCharsets.UTF_8);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.UTF_8);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.UTF_8);

  private void object(int depth) {
    int first = beginObject();
    at++;
    space();
    if (at < to && b[at] == '}') {
      at++;
      endObject(first);
      return;
    }
    while (true) {
      space();
      if (at >= to || b[at] != '"') {
        throw new NotJsonException();
      }
      int open = at;
      boolean escaped = skipString();
      if (escaped) {
        byte[] name = JsonText.decode(b, open, at);
        key(name, 0, name.length);
      } else {
        key(b, open + 1, at - 1);
      }
      space();
      expect((byte) ':');
      value(depth + 1);
      endField(depth == 0);
      space();
      if (at < to && b[at] == ',') {
        at++;
      } else {
        expect((byte) '}');
        endObject(first);
        return;
      }
    }
  }

  private void list(int depth) {
    beginList();
    at++;
    space();
    if (at < to && b[at] == ']') {
      at++;
      endList();
      return;
    }
    while (true) {
      value(depth + 1);
      space();
      if (at < to && b[at] == ',') {
        at++;
      } else {
        expect((byte) ']');
        endList();
        return;
      }
    }
  }

  private void string() {
    int open = at;
    boolean escaped = skipString();
    put(SCALAR);
    if (escaped) {
      byte[] text = JsonText.decode(b, open, at);
      scalar(text, 0, text.length);
    } else {
      scalar(b, open + 1, at - 1);
    }
  }

  /** Steps over a string; whether it has escapes. */
  private boolean skipString() {
    boolean escaped = false;
    at++;
    while (true) {
      at = ByteScan.special(b, at, to);
      if (at >= to) {
        throw new NotJsonException();
      }
      if (b[at] == '"') {
        at++;
        return escaped;
      }
      if (b[at] == '\\') {
        escaped = true;
        at++;
      }
      at++;
    }
  }

  private void word(byte[] word) {
    if (to - at < word.length || !Arrays.equals(b, at, at + word.length, word, 0, word.length)) {
      throw new NotJsonException();
    }
    at += word.length;
  }

  private void expect(byte c) {
    if (at >= to || b[at] != c) {
      throw new NotJsonException();
    }
    at++;
  }

  private void space() {
    while (at < to && JsonScanner.isSpace(b[at])) {
      at++;
    }
  }

  // Scalars.

  private void scalar(byte[] text, int from, int end) {
    byte[] normal = text;
    int first = from;
    int last = end;
    if (normalise && hasMoreThanAscii(text, from, end)) {
      normal =
          Normalizer.normalize(
                  new String(text, from, end - from, StandardCharsets.UTF_8), Normalizer.Form.NFKC)
              .getBytes(StandardCharsets.UTF_8);
      first = 0;
      last = normal.length;
    }
    if (isNumber(normal, first, last)) {
      number(normal, first, last);
    } else {
      put(normal, first, last);
    }
  }

  private static boolean hasMoreThanAscii(byte[] text, int from, int end) {
    for (int i = from; i < end; i++) {
      if (text[i] < 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNumeric(byte c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  /** Whether a text is a JSON number. */
  static boolean isNumber(byte[] text, int from, int end) {
    int i = from;
    if (i < end && text[i] == '-') {
      i++;
    }
    int whole = i;
    i = digits(text, i, end);
    if (i == whole || (text[whole] == '0' && i > whole + 1)) {
      return false;
    }
    if (i < end && text[i] == '.') {
      int fraction = i + 1;
      i = digits(text, fraction, end);
      if (i == fraction) {
        return false;
      }
    }
    if (i < end && (text[i] | 0x20) == 'e') {
      i++;
      if (i < end && (text[i] == '+' || text[i] == '-')) {
        i++;
      }
      int exponent = i;
      i = digits(text, exponent, end);
      if (i == exponent) {
        return false;
      }
    }
    return i == end;
  }

  private static int digits(byte[] text, int from, int end) {
    int i = from;
    while (i < end && text[i] >= '0' && text[i] <= '9') {
      i++;
    }
    return i;
  }

  /** A number as the exact decimal that it is. */
  private void number(byte[] text, int from, int end) {
    int point = -1;
    boolean simple = end - from <= LONGEST_SIMPLE;
    for (int i = from; i < end && simple; i++) {
      point = text[i] == '.' ? i : point;
      simple = (text[i] | 0x20) != 'e';
    }
    if (!simple) {
      byte[] decimal = decimal(new String(text, from, end - from, StandardCharsets.US_ASCII));
      put(decimal, 0, decimal.length);
      return;
    }
    int last = end;
    if (point >= 0) {
      while (text[last - 1] == '0') {
        last--;
      }
      last -= text[last - 1] == '.' ? 1 : 0;
    }
    boolean minusZero = last - from == 2 && text[from] == '-' && text[from + 1] == '0';
    put(text, minusZero ? from + 1 : from, last);
  }

  private static byte[] decimal(String number) {
    String canonical;
    try {
      BigDecimal value = new BigDecimal(number).stripTrailingZeros();
      long digits = Math.max((long) value.precision() - Math.min(0, value.scale()), value.scale());
      canonical =
          value.signum() == 0
              ? "0"
              : digits <= LONGEST_PLAIN
                  ? value.toPlainString()
                  : value.unscaledValue() + "E" + -(long) value.scale();
    } catch (NumberFormatException | ArithmeticException e) {
      // An exponent beyond all that can be computed with.
      canonical = number;
    }
    return canonical.getBytes(StandardCharsets.US_ASCII);
  }

  private void put(byte value) {
    if (size == out.length) {
      out = Arrays.copyOf(out, 2 * size);
    }
    out[size++] = value;
  }

  private void put(byte[] bytes, int from, int end) {
    int length = end - from;
    if (out.length - size < length) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, size + length));
    }
    System.arraycopy(bytes, from, out, size, length);
    size += length;
  }

  /** The record is not JSON. */
  private static final class NotJsonException extends RuntimeException {
    NotJsonException() {
      super(null, null, false, false);
    }
  }
}
