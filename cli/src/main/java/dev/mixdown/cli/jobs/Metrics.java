package dev.mixdown.cli.jobs;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ParameterException;

/** Metrics as people write them. */
final class Metrics {
  private Metrics() {}

  static Map<String, Double> of(
      Map<String, String> written, Function<String, ParameterException> badUsage) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    written.forEach((name, text) -> metrics.put(name, value(name, text, badUsage)));
    return metrics;
  }

  private static double value(
      String name, String text, Function<String, ParameterException> badUsage) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> {
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException e) {
          throw badUsage.apply("--metric %s=%s: a number is expected".formatted(name, text));
        }
      }
    };
  }
}
