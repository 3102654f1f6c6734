package dev.mixdown.configs.syntax;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON documents, written so that equal documents have equal bytes. */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .configure(
              com.fasterxml.jackson.core.JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true);
  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  /** As Python and jq write it: {@code "key": value}, and nothing inside empty brackets. */
  private static final Separators SEPARATORS =
      Separators.createDefaultInstance()
          .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
          .withObjectEmptySeparator("")
          .withArrayEmptySeparator("");

  private static final ObjectWriter PRETTY =
      MAPPER
          .writer(
              new DefaultPrettyPrinter(SEPARATORS)
                  .withObjectIndenter(LINES)
                  .withArrayIndenter(LINES))
          .without(SerializationFeature.FAIL_ON_EMPTY_BEANS);

  private static final ObjectWriter SPACED =
      MAPPER.writer(
          new DefaultPrettyPrinter(
                  SEPARATORS
                      .withObjectEntrySpacing(Separators.Spacing.AFTER)
                      .withArrayValueSpacing(Separators.Spacing.AFTER))
              .withObjectIndenter(new DefaultPrettyPrinter.NopIndenter())
              .withArrayIndenter(new DefaultPrettyPrinter.NopIndenter()));

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** An empty list. */
  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /** A Java value as a tree. */
  public static JsonNode tree(@Nullable Object value) {
    return MAPPER.valueToTree(value);
  }

  /** A tree as a Java value. */
  public static <T> T convert(JsonNode node, Class<T> type) {
    return MAPPER.convertValue(node, type);
  }

  /**
   * Parses a document.
   *
   * @throws UncheckedIOException when it is not JSON, or has a number beyond {@link Numbers}
   */
  public static JsonNode read(byte[] bytes) {
    try {
      JsonNode document = MAPPER.readTree(bytes);
      refuseHugeNumbers(document);
      return document;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Parses a document; empty where {@link #read} refuses it. */
  public static Optional<JsonNode> readIfSound(byte[] bytes) {
    try {
      return Optional.of(read(bytes));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static void refuseHugeNumbers(JsonNode node) throws IOException {
    if (node.isNumber() && !node.canConvertToLong()) {
      BigDecimal number = node.decimalValue();
      if (!Numbers.isReasonable(number)) {
        throw new IOException(
            "a number is beyond what can be read: at most %d digits, and exponents to %d"
                .formatted(Numbers.MOST_DIGITS, Numbers.MOST_EXPONENT));
      }
    }
    for (JsonNode child : node) {
      refuseHugeNumbers(child);
    }
  }

  /** The object that a line of JSON says; empty where it says none. */
  public static Optional<Map<?, ?>> object(String line) {
    try {
      refuseHugeNumbers(MAPPER.readTree(line));
      return Optional.ofNullable(MAPPER.readValue(line, Map.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Parses one value, with nothing behind it.
   *
   * @throws IOException when it is none, or has a number beyond {@link Numbers}
   */
  public static JsonNode value(String text) throws IOException {
    JsonNode value =
        MAPPER
            .readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .readValue(text);
    refuseHugeNumbers(value);
    return value;
  }

  /** A document as indented text, with a newline at its end. */
  public static byte[] write(JsonNode node) {
    return (text(node) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** A document as indented text. */
  public static String text(JsonNode node) {
    try {
      return PRETTY.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A document in one line. */
  public static String line(JsonNode node) {
    return node.toString();
  }

  /** A value in one line with a space after each colon and comma: the form of log lines. */
  public static String spaced(@Nullable Object value) {
    try {
      return SPACED.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
