package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents as JSON: snake_case keys in the order of the record, absent values as null. */
public final class DocumentJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          // Numbers are written as they are given: a digest is taken of some.
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          // Nested objects of a later version may say more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private DocumentJson() {}

  /** A document as JSON. */
  public static ObjectNode tree(Object document) {
    return MAPPER.valueToTree(document);
  }

  /**
   * Reads a document.
   *
   * @throws IOException when the bytes are not JSON, or not such a document
   */
  public static <T> T read(byte[] bytes, Class<T> type) throws IOException {
    try {
      return convert(Json.read(bytes), type);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * @throws IOException when the JSON is not such a document
   */
  static <T> T convert(JsonNode json, Class<T> type) throws IOException {
    if (!json.isObject()) {
      throw new IOException("it is not a JSON object");
    }
    try {
      T document = MAPPER.treeToValue(json, type);
      requireComplete(document, "");
      return document;
    } catch (JsonProcessingException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  /** What a record does not call nullable has to be there, in it and in all that it holds. */
  private static void requireComplete(Object value, String path) throws IOException {
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        requireComplete(list.get(i), path + "[" + i + "]");
      }
      return;
    }
    if (!value.getClass().isRecord()) {
      return;
    }
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      String name = path + (path.isEmpty() ? "" : ".") + key(component);
      Object held = held(component, value);
      if (held != null) {
        requireComplete(held, name);
      } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        throw new IOException("it has no " + name);
      }
    }
  }

  private static String key(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null
        ? SnakeCaseStrategy.INSTANCE.translate(component.getName())
        : named.value();
  }

  private static @Nullable Object held(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
