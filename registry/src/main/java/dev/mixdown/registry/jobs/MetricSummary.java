package dev.mixdown.registry.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.registry.JobReports.MetricRow;
import dev.mixdown.registry.platform.Column;
import dev.mixdown.registry.platform.PlatformSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One metric of a job over all its steps.
 *
 * @param values how many finite ones there are
 * @param notFinite how many are NaN or infinite
 * @param lowest of the finite ones; 0 where there are none, as the others
 * @param lowestStep the first step that has it
 * @param last the one of the latest step
 */
public record MetricSummary(
    long values,
    long notFinite,
    double lowest,
    long lowestStep,
    double highest,
    long highestStep,
    double last,
    long lastStep) {
  static final MetricSummary NONE = new MetricSummary(0, 0, 0, 0, 0, 0, 0, 0);

  /** With one more value. */
  MetricSummary with(double value, long step) {
    if (!Double.isFinite(value)) {
      return new MetricSummary(
          values, notFinite + 1, lowest, lowestStep, highest, highestStep, last, lastStep);
    }
    boolean first = values == 0;
    boolean lower = first || value < lowest;
    boolean higher = first || value > highest;
    boolean later = first || step >= lastStep;
    return new MetricSummary(
        values + 1,
        notFinite,
        lower ? value : lowest,
        lower ? step : lowestStep,
        higher ? value : highest,
        higher ? step : highestStep,
        later ? value : last,
        later ? step : lastStep);
  }

  /**
   * Each metric over all rows, by its name: columns with numbers, and the numbers in {@code
   * extra_metrics}.
   */
  public static Map<String, MetricSummary> of(List<MetricRow> rows) {
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    for (MetricRow row : rows) {
      JsonNode at = row.get("step");
      long step = at == null ? 0 : at.asLong();
      values(
          row.columns(),
          row.values(),
          (metric, value) ->
              metrics.merge(metric, NONE.with(value, step), (old, one) -> old.with(value, step)));
    }
    return metrics;
  }

  private static void values(
      List<String> columns,
      List<? extends @Nullable JsonNode> row,
      BiConsumer<String, Double> each) {
    Map<String, Double> found = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      JsonNode value = row.get(i);
      if (value instanceof ObjectNode extra && columns.get(i).equals("extra_metrics")) {
        extra.properties().forEach(field -> add(found, field.getKey(), field.getValue()));
      } else if (value != null && isMetric(columns.get(i))) {
        found.remove(columns.get(i));
        add(found, columns.get(i), value);
      }
    }
    found.forEach(each);
  }

  private static boolean isMetric(String column) {
    return PlatformSchema.METRICS
        .column(column)
        .map(c -> c.type() == Column.Type.REAL)
        .orElse(true);
  }

  private static void add(Map<String, Double> found, String metric, JsonNode value) {
    if (value.isNumber()) {
      found.putIfAbsent(metric, value.doubleValue());
    } else if (value.isTextual() && value.asText().matches("NaN|-?Infinity")) {
      found.putIfAbsent(metric, Double.valueOf(value.asText()));
    }
  }
}
