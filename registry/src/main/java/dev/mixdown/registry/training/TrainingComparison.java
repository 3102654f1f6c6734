package dev.mixdown.registry.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Histories side by side.
 *
 * @param rows what they were made of, how and with what result; in the order of the files
 */
public record TrainingComparison(List<Row> rows) {
  /**
   * One thing that may differ.
   *
   * @param section {@code model}, {@code data}, {@code hyperparams} or {@code metrics}
   * @param values one for each history; empty where it says nothing
   */
  public record Row(String section, String key, List<String> values) {
    /** Whether the histories differ in it. */
    public boolean differs() {
      return values.stream().distinct().count() > 1;
    }
  }

  /**
   * Compares histories.
   *
   * @param mixes for each, what its manifest took of each dataset, where that is known
   */
  public static TrainingComparison of(List<TrainingInfo> infos, List<Map<String, String>> mixes) {
    List<Row> rows = new ArrayList<>();
    for (String key : List.of("model_name", "stage", "base_model", "final_checkpoint")) {
      rows.add(
          new Row("model", key, infos.stream().map(info -> info.text(key).orElse("")).toList()));
    }
    rows.add(
        new Row(
            "model",
            "total_steps",
            infos.stream().map(info -> String.valueOf(info.totalSteps())).toList()));
    add(rows, "data", infos.stream().map(TrainingComparison::steps).toList());
    add(rows, "data", mixes);
    add(rows, "hyperparams", infos.stream().map(info -> values(info, "hyperparams")).toList());
    add(rows, "metrics", infos.stream().map(info -> values(info, "metrics")).toList());
    return new TrainingComparison(rows);
  }

  private static void add(List<Row> rows, String section, List<Map<String, String>> columns) {
    Set<String> keys = new LinkedHashSet<>();
    columns.forEach(column -> keys.addAll(column.keySet()));
    for (String key : keys) {
      rows.add(new Row(section, key, columns.stream().map(c -> c.getOrDefault(key, "")).toList()));
    }
  }

  /** The steps on each dataset, with their share of all. */
  private static Map<String, String> steps(TrainingInfo info) {
    Map<String, Long> steps = new LinkedHashMap<>();
    for (JsonNode entry : info.history()) {
      steps.merge(entry.path("dataset").asText(), entry.path("steps").asLong(), Long::sum);
    }
    Map<String, String> shares = new LinkedHashMap<>();
    steps.forEach(
        (dataset, count) -> shares.put(dataset, count + percent(count, info.totalSteps())));
    return shares;
  }

  private static String percent(long part, long whole) {
    if (whole == 0) {
      return "";
    }
    BigDecimal percent =
        BigDecimal.valueOf(part)
            .multiply(BigDecimal.valueOf(100))
            .divide(BigDecimal.valueOf(whole), 1, RoundingMode.HALF_EVEN);
    return " steps, " + percent + " %";
  }

  /**
   * The hyperparams on the way, all of them where they changed; the metrics of the last entry
   * alone: what an earlier stage reached is no result of the later model.
   */
  private static Map<String, String> values(TrainingInfo info, String key) {
    Map<String, List<String>> seen = new LinkedHashMap<>();
    boolean result = key.equals("metrics");
    List<JsonNode> history = info.history();
    int first = result ? Math.max(0, history.size() - 1) : 0;
    for (JsonNode entry : history.subList(first, history.size())) {
      entry
          .path(key)
          .properties()
          .forEach(
              field -> {
                List<String> values = seen.computeIfAbsent(field.getKey(), k -> new ArrayList<>());
                String value =
                    field.getValue().isValueNode()
                        ? field.getValue().asText()
                        : field.getValue().toString();
                if (values.isEmpty() || !values.get(values.size() - 1).equals(value)) {
                  values.add(value);
                }
              });
    }
    Map<String, String> told = new LinkedHashMap<>();
    seen.forEach((name, values) -> told.put(name, String.join(" -> ", values)));
    return told;
  }
}
