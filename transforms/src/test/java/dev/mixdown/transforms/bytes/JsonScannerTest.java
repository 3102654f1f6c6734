package dev.mixdown.transforms.bytes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonScannerTest {
  private static final JsonFactory JACKSON = new JsonFactory();

  /** An obvious second judgement: Java's own UTF-8 decoder, then Jackson. */
  private static boolean isObject(byte[] b) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b));
    } catch (CharacterCodingException e) {
      return false;
    }
    // A string: from bytes Jackson would guess UTF-16 and UTF-32, which JSON lines are not.
    try (JsonParser parser = JACKSON.createParser(new String(b, StandardCharsets.UTF_8))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean scans(byte[] b) {
    byte[] padded = new byte[b.length + 20];
    java.util.Arrays.fill(padded, (byte) '"');
    System.arraycopy(b, 0, padded, 10, b.length);
    return new JsonScanner(List.of("a")).scan(padded, 10, 10 + b.length);
  }

  private static String value(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 4 ? 7 : 10)) {
      case 0 -> "null";
      case 1 -> "true";
      case 2 -> "false";
      case 3 -> String.valueOf(random.nextInt(-1000, 1000));
      case 4 -> random.nextInt(100) + "." + random.nextInt(1000) + "e" + random.nextInt(-9, 9);
      case 5, 6 -> string(random);
      case 7 -> {
        StringBuilder list = new StringBuilder("[");
        int n = random.nextInt(4);
        for (int i = 0; i < n; i++) {
          list.append(i > 0 ? ", " : "").append(value(random, depth + 1));
        }
        yield list + "]";
      }
      default -> object(random, depth + 1);
    };
  }

  private static String object(SplittableRandom random, int depth) {
    StringBuilder object = new StringBuilder("{");
    int n = random.nextInt(5);
    for (int i = 0; i < n; i++) {
      object
          .append(i > 0 ? "," : "")
          .append(random.nextBoolean() ? " " : "")
          .append(string(random))
          .append(random.nextBoolean() ? " : " : ":")
          .append(value(random, depth));
    }
    return object + "}";
  }

  private static String string(SplittableRandom random) {
    String[] pieces = {"a", "bc", "\\\"", "\\\\", "\\u00e9", "ü", "漢字", "😀", "\\n", "/", " "};
    StringBuilder text = new StringBuilder("\"");
    int n = random.nextInt(12);
    for (int i = 0; i < n; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text + "\"";
  }

  @Test
  void on_random_objects_and_random_damage_it_judges_as_jackson_does() {
    SplittableRandom random = new SplittableRandom(1);
    int bad = 0;
    for (int round = 0; round < 60_000; round++) {
      byte[] b = object(random, 0).getBytes(StandardCharsets.UTF_8);
      if (round % 4 != 0) {
        int damage = 1 + random.nextInt(2);
        for (int d = 0; d < damage; d++) {
          switch (random.nextInt(3)) {
            case 0 -> b = java.util.Arrays.copyOf(b, random.nextInt(b.length + 1));
            case 1 -> {
              if (b.length > 0) {
                b[random.nextInt(b.length)] =
                    (byte) "{}[]\",:0-.eE\\ utn\u0001\u00ff".charAt(random.nextInt(19));
              }
            }
            default -> {
              if (b.length > 0) {
                b[random.nextInt(b.length)] = (byte) random.nextInt(256);
              }
            }
          }
        }
      }
      boolean expected = isObject(b);
      bad += expected ? 0 : 1;
      assertThat(new String(b, StandardCharsets.ISO_8859_1), scans(b), is(expected));
    }
    assertThat(bad, greaterThan(10_000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1 | is cut short",
        "{\"a\": \"x | is cut short",
        "{\"a\": tru | is cut short",
        "[1] | is not a JSON object: it begins with '['",
        "17 | is not a JSON object",
        "{\"a\": 1} x | has 'x' after the end",
        "{\"a\": 01} | has a number with a zero",
        "{\"a\": 1,} | has a comma before '}'",
        "{a: 1} | where a key in quotes is expected",
        "{\"a\" 1} | where a colon is expected",
        "{\"a\": 1 \"b\": 2} | where a comma or the end of an object is expected",
        "{\"a\": \"\\x\"} | has an unknown escape",
        "{\"a\": NaN} | where a value is expected",
      })
  void a_bad_record_is_told_what_is_wrong(String json, String message) {
    byte[] b = json.getBytes(StandardCharsets.UTF_8);
    JsonScanner scanner = new JsonScanner(List.of());
    assertThat(scanner.scan(b, 0, b.length), is(false));
    assertThat(scanner.error(), containsString(message));
  }

  @Test
  void values_are_found_at_the_top_only_and_the_last_one_counts() {
    JsonScanner scanner = new JsonScanner(List.of("x", "y"));
    byte[] b =
        "{\"o\": {\"x\": 9}, \"x\": 1, \"y\" : \"é\", \"x\":-2.5e3}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(scanner.scan(b, 0, b.length), is(true));
    assertThat(
        new String(b, scanner.start(0), scanner.end(0) - scanner.start(0), StandardCharsets.UTF_8),
        is("-2.5e3"));
    assertThat(
        new String(b, scanner.start(1), scanner.end(1) - scanner.start(1), StandardCharsets.UTF_8),
        is("\"é\""));
    byte[] none = "{\"o\": {\"x\": 9}}".getBytes(StandardCharsets.UTF_8);
    assertThat(scanner.scan(none, 0, none.length), is(true));
    assertThat(scanner.start(0), is(-1));
  }

  @Test
  void a_key_with_escapes_is_the_key_that_it_spells() {
    JsonScanner scanner = new JsonScanner(List.of("\u7c7b\u522b"));
    byte[] b = "{\"\\u7c7b\\u522b\": 7}".getBytes(StandardCharsets.UTF_8);
    assertThat(scanner.scan(b, 0, b.length), is(true));
    assertThat(scanner.end(0) - scanner.start(0), is(1));
  }

  @Test
  void nesting_is_limited() {
    byte[] deep =
        ("{\"a\":" + "[".repeat(2000) + "]".repeat(2000) + "}").getBytes(StandardCharsets.UTF_8);
    JsonScanner scanner = new JsonScanner(List.of());
    assertThat(scanner.scan(deep, 0, deep.length), is(false));
    assertThat(scanner.error(), is("is nested deeper than 1000"));
  }

  @Test
  void utf8_is_judged_as_javas_decoder_judges_it() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 100_000; round++) {
      byte[] b = new byte[random.nextInt(14)];
      for (int i = 0; i < b.length; i++) {
        b[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(128) : 0x80 + random.nextInt(128));
      }
      boolean valid = true;
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b));
      } catch (CharacterCodingException e) {
        valid = false;
      }
      assertThat(Utf8.firstInvalid(b, 0, b.length) < 0, is(valid));
    }
  }
}
