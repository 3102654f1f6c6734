package dev.mixdown.recipes.checking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the records of some data have of what a recipe requires.
 *
 * @param records how many there are
 * @param present how many of them have a value in each field, in the order of the recipe
 * @param failures those that cannot be used
 * @param characters how long the others are
 * @param tokens how long they are by their own counts
 */
public record DataFacts(
    long records,
    Map<String, Long> present,
    List<Failure> failures,
    Lengths characters,
    Lengths tokens) {
  /** A shard, with what is known of it. */
  public record Located(String dataset, String path, ShardFacts facts) {}

  /** A record by its place. */
  public record Example(String dataset, String path, long record) {}

  /**
   * Records that fail for one reason.
   *
   * @param count how many
   * @param examples the first of them
   */
  public record Failure(String reason, long count, List<Example> examples) {
    private Failure plus(Failure other) {
      return new Failure(
          reason,
          count + other.count,
          Stream.concat(examples.stream(), other.examples.stream())
              .limit(ShardFacts.MOST_NAMED)
              .toList());
    }
  }

  /** Adds up what is known of shards, in their order. */
  public static DataFacts of(List<Located> shards) {
    long records = 0;
    Map<String, Long> present = new LinkedHashMap<>();
    Map<String, Failure> failures = new LinkedHashMap<>();
    Lengths characters = Lengths.NONE;
    Lengths tokens = Lengths.NONE;
    for (Located shard : shards) {
      ShardFacts facts = shard.facts();
      records += facts.records();
      facts.present().forEach((field, count) -> present.merge(field, count, Long::sum));
      for (ShardFacts.Failing failing : facts.failing()) {
        Failure here =
            new Failure(
                failing.reason(),
                failing.count(),
                failing.first().stream()
                    .map(record -> new Example(shard.dataset(), shard.path(), record))
                    .toList());
        failures.merge(failing.reason(), here, Failure::plus);
      }
      characters = characters.plus(facts.characters());
      tokens = tokens.plus(facts.tokens());
    }
    return new DataFacts(records, present, new ArrayList<>(failures.values()), characters, tokens);
  }

  /** The facts as documents have them. */
  public ObjectNode json() {
    ObjectNode json = Json.object().put("records", records);
    json.set("fields", Json.tree(present));
    ArrayNode list = json.putArray("failing");
    for (Failure failure : failures) {
      ObjectNode one = list.addObject().put("reason", failure.reason());
      one.put("records", failure.count());
      ArrayNode examples = one.putArray("examples");
      for (Example example : failure.examples()) {
        examples
            .addObject()
            .put("dataset", example.dataset())
            .put("path", example.path())
            .put("record", example.record());
      }
    }
    json.set("characters", percentiles(characters));
    json.set("tokens", percentiles(tokens));
    return json;
  }

  private static ObjectNode percentiles(Lengths lengths) {
    return Json.object()
        .put("records", lengths.records())
        .put("p50", lengths.percentile(50))
        .put("p95", lengths.percentile(95))
        .put("p99", lengths.percentile(99));
  }
}
