package dev.mixdown.registry.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mixdown.configs.syntax.Secrets;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values of a database's cells as JSON, read for what their columns are meant to hold. A cell of
 * SQLite may hold anything, so each value is looked at. Numbers that JSON does not have are the
 * texts {@code NaN}, {@code Infinity} and {@code -Infinity}.
 */
public final class Cells {
  /** How the platform writes a time: in UTC, without saying so. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private static final String USUAL = "0000-00-00 00:00:00.000000";

  private static final int MOST_SHOWN = 60;

  /** Python writes NaN and Infinity into JSON. */
  private static final JsonMapper LENIENT =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Cells() {}

  /** A cell that does not hold what its column is meant to. */
  public static final class CellException extends Exception {
    private static final long serialVersionUID = 1;

    CellException(String message) {
      super(message);
    }
  }

  /**
   * A cell's value.
   *
   * @param value as the driver has it
   * @throws CellException with the reason why it cannot be read
   */
  public static JsonNode of(Column.Type type, @Nullable Object value) throws CellException {
    if (value == null) {
      return NullNode.getInstance();
    }
    return switch (type) {
      case KEY, INTEGER, LONG -> integer(value);
      case REAL -> real(value);
      case BOOLEAN -> bool(value);
      case JSON -> json(value);
      case TIME -> time(value);
      case TEXT, STATUS, ALGORITHM, SYNC_STATUS -> TextNode.valueOf(text(value));
    };
  }

  private static JsonNode integer(Object value) throws CellException {
    try {
      BigDecimal number = new BigDecimal(numberText(value));
      return LongNode.valueOf(number.longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw unexpected(value, "a whole number");
    }
  }

  private static JsonNode real(Object value) throws CellException {
    if (value instanceof Double d) {
      return number(d.doubleValue());
    }
    String text = numberText(value).toLowerCase(Locale.ROOT);
    if (text.matches("[+-]?(inf|infinity)|nan")) {
      return text.equals("nan")
          ? number(Double.NaN)
          : number(text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    try {
      return number(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw unexpected(value, "a number");
    }
  }

  /**
   * A number, or the word of one that JSON does not have. It is a decimal without zeros at its end,
   * so that its text is the same before it was written and after it was read.
   */
  public static JsonNode number(double number) {
    return Double.isFinite(number)
        ? DecimalNode.valueOf(new BigDecimal(Double.toString(number)).stripTrailingZeros())
        : TextNode.valueOf(Double.toString(number));
  }

  private static String numberText(Object value) throws CellException {
    return value instanceof Boolean b ? (b ? "1" : "0") : text(value).strip();
  }

  private static JsonNode bool(Object value) throws CellException {
    return switch (numberText(value).toLowerCase(Locale.ROOT)) {
      case "1", "1.0", "true", "t", "yes" -> IntNode.valueOf(1);
      case "0", "0.0", "false", "f", "no" -> IntNode.valueOf(0);
      default -> throw unexpected(value, "0 or 1");
    };
  }

  /** JSON with anything in it: where it is none, its text. Secrets are masked. */
  private static JsonNode json(Object value) throws CellException {
    String text = text(value);
    if (text.isBlank()) {
      return NullNode.getInstance();
    }
    try {
      JsonNode node = LENIENT.readTree(text);
      return node instanceof ObjectNode object ? Secrets.masked(object) : finite(node);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(Secrets.masked(text));
    }
  }

  private static JsonNode finite(JsonNode node) {
    return node.isDouble() ? number(node.doubleValue()) : node;
  }

  private static JsonNode time(Object value) throws CellException {
    if (value instanceof Timestamp timestamp) {
      return TextNode.valueOf(TIME.format(timestamp.toLocalDateTime()));
    }
    String text = text(value);
    if (time(text).isEmpty()) {
      throw unexpected(value, "a time");
    }
    return TextNode.valueOf(text);
  }

  /** The moment that the platform wrote; UTC where it says no zone. */
  public static Optional<LocalDateTime> time(String text) {
    if (isUsual(text)) {
      return usual(text);
    }
    String iso = text.strip().replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) +", "$1T");
    try {
      if (iso.matches("\\d{4}-\\d{2}-\\d{2}")) {
        return Optional.of(LocalDateTime.parse(iso + "T00:00:00"));
      }
      if (iso.matches(".*T.*([Zz]|[+-]\\d{2}(:?\\d{2})?)")) {
        String zoned =
            iso.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2")
                .replaceFirst("([+-]\\d{2})$", "$1:00");
        return Optional.of(
            OffsetDateTime.parse(zoned).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
      }
      return Optional.of(LocalDateTime.parse(iso));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Whether a text is in the form that the platform writes, which a million rows have. */
  public static boolean isUsual(String text) {
    if (text.length() != USUAL.length()) {
      return false;
    }
    for (int i = 0; i < USUAL.length(); i++) {
      char c = text.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      if (USUAL.charAt(i) == '0' ? !digit : c != USUAL.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<LocalDateTime> usual(String text) {
    try {
      return Optional.of(
          LocalDateTime.of(
              number(text, 0, 4),
              number(text, 5, 7),
              number(text, 8, 10),
              number(text, 11, 13),
              number(text, 14, 16),
              number(text, 17, 19),
              number(text, 20, 26) * 1000));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  /** A time as the platform writes it; empty where the text is none. */
  public static Optional<String> normal(String text) {
    return time(text).map(time -> isUsual(text) ? text : time(time));
  }

  /** A time as the platform writes it. */
  public static String time(Instant time) {
    return time(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
  }

  /** The same, of a time in UTC. */
  public static String time(LocalDateTime time) {
    return TIME.format(time);
  }

  private static String text(Object value) throws CellException {
    if (value instanceof byte[] bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw new CellException("holds %,d bytes that are not text".formatted(bytes.length));
      }
    }
    return value.toString();
  }

  private static CellException unexpected(Object value, String expected) throws CellException {
    String text = Secrets.masked(text(value));
    String shown = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
    return new CellException("is \"" + shown + "\"; " + expected + " is expected");
  }
}
