package dev.mixdown.configs.syntax;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes values in one line of YAML: {@code {stage: "pretraining", epochs: [1, 2]}}. */
public final class FlowYaml {
  /** Keys that some YAML readers take for something else than text. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private FlowYaml() {}

  /** A value as reading its text gives it. */
  static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      map.forEach((key, item) -> plain.put(String.valueOf(key), plain(item)));
      return plain;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> plain = new ArrayList<>();
      list.forEach(item -> plain.add(plain(item)));
      return plain;
    }
    if (value instanceof BigDecimal number) {
      // Equal to what is read again, whatever exponent it was written with.
      return new BigDecimal(number.toPlainString());
    }
    return value instanceof Number number ? new BigDecimal(number.toString()) : value;
  }

  /** A value in one line. */
  static String text(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> key(String.valueOf(e.getKey())) + ": " + text(e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(FlowYaml::text).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    return value instanceof String string ? quoted(string) : String.valueOf(value);
  }

  /** A key, in quotes where it needs them. */
  public static String key(String key) {
    return key.matches("[a-z_][a-z0-9_]*") && !WORDS.contains(key) ? key : quoted(key);
  }

  /** JSON's quotes are YAML's too. */
  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
