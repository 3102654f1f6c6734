package dev.mixdown.configs.templates;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code data_ratio} as a command line says it: {@code highway:0.4,urban:0.3}. */
public final class Ratios {
  private static final Pattern PART =
      Pattern.compile("\\s*([^:,]*[^:,\\s])\\s*:\\s*([0-9]{1,30}(?:\\.[0-9]{1,30})?)\\s*");

  private Ratios() {}

  /**
   * The ratios, in their order.
   *
   * @throws IllegalArgumentException when the text says none
   */
  public static Map<String, BigDecimal> parse(String text) {
    Map<String, BigDecimal> ratios = new LinkedHashMap<>();
    int begin = 0;
    while (begin <= text.length()) {
      int comma = text.indexOf(',', begin);
      int end = comma < 0 ? text.length() : comma;
      Matcher part = PART.matcher(text.substring(begin, end));
      if (!part.matches()) {
        throw new IllegalArgumentException(
            "\"%s\" is not a category with its ratio; write them as highway:0.4,urban:0.6"
                .formatted(text.substring(begin, end)));
      }
      if (ratios.put(part.group(1), new BigDecimal(part.group(2))) != null) {
        throw new IllegalArgumentException(
            "the category \"%s\" has two ratios; keep one".formatted(part.group(1)));
      }
      begin = end + 1;
    }
    return ratios;
  }
}
