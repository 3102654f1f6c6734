package dev.mixdown.registry.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Strategies against one another: histories that trained on the same datasets in the same order.
 *
 * @param groups best first, where there is a metric to go by
 */
public record TrainingAggregate(List<DatasetTotals> groups) {
  /**
   * Histories of one strategy.
   *
   * @param strategy the datasets in their order: {@code hrds -> hrdh}
   * @param steps of all histories
   * @param mean the metric's, over those that have it
   * @param bestFile where the best one lies
   */
  public record DatasetTotals(
      String stage,
      String strategy,
      int histories,
      long steps,
      Optional<BigDecimal> best,
      Optional<BigDecimal> mean,
      Optional<String> bestFile) {}

  /** A history and its result. */
  private record Result(TrainingInfo info, BigDecimal value) {}

  /**
   * Gathers histories by stage and strategy.
   *
   * @param metric which of the last entry's metrics counts
   * @param lower whether less of it is better
   */
  public static TrainingAggregate of(List<TrainingInfo> infos, String metric, boolean lower) {
    Map<List<String>, List<TrainingInfo>> byStrategy =
        infos.stream()
            .filter(info -> !info.history().isEmpty())
            .collect(
                Collectors.groupingBy(
                    info -> List.of(info.text("stage").orElse(""), strategy(info)),
                    () -> new TreeMap<>(Comparator.comparing(List::toString)),
                    Collectors.toList()));
    Comparator<BigDecimal> better = lower ? Comparator.naturalOrder() : Comparator.reverseOrder();
    List<DatasetTotals> groups = new ArrayList<>();
    byStrategy.forEach((key, members) -> groups.add(group(key, members, metric, better)));
    groups.sort(
        Comparator.comparing(DatasetTotals::stage)
            .thenComparing(group -> group.best().orElse(null), Comparator.nullsLast(better)));
    return new TrainingAggregate(groups);
  }

  /**
   * The document that {@code training aggregate --json} prints.
   *
   * @param metric as for {@link #of}
   */
  public ObjectNode json(String metric) {
    ObjectNode document = Json.object().put("metric", metric);
    ArrayNode list = document.putArray("groups");
    for (DatasetTotals group : groups) {
      list.addObject()
          .put("stage", group.stage())
          .put("strategy", group.strategy())
          .put("histories", group.histories())
          .put("steps", group.steps())
          .put("best", group.best().orElse(null))
          .put("mean", group.mean().orElse(null))
          .put("best_file", group.bestFile().orElse(null));
    }
    return document;
  }

  private static DatasetTotals group(
      List<String> key, List<TrainingInfo> members, String metric, Comparator<BigDecimal> better) {
    List<Result> results = new ArrayList<>();
    for (TrainingInfo info : members) {
      JsonNode last = info.history().get(info.history().size() - 1);
      JsonNode value = last.path("metrics").path(metric);
      if (value.isNumber()) {
        results.add(new Result(info, value.decimalValue()));
      }
    }
    Optional<Result> best = results.stream().min(Comparator.comparing(Result::value, better));
    Optional<BigDecimal> mean =
        results.stream()
            .map(Result::value)
            .reduce(BigDecimal::add)
            .map(sum -> sum.divide(BigDecimal.valueOf(results.size()), new MathContext(6)));
    return new DatasetTotals(
        key.get(0),
        key.get(1),
        members.size(),
        members.stream().mapToLong(TrainingInfo::totalSteps).sum(),
        best.map(Result::value),
        mean,
        best.map(result -> result.info().path()));
  }

  /** The datasets of a history in their order, each as often as it follows another. */
  private static String strategy(TrainingInfo info) {
    List<String> datasets = new ArrayList<>();
    for (JsonNode entry : info.history()) {
      String dataset = entry.path("dataset").asText();
      if (datasets.isEmpty() || !datasets.get(datasets.size() - 1).equals(dataset)) {
        datasets.add(dataset);
      }
    }
    return String.join(" -> ", datasets);
  }
}
