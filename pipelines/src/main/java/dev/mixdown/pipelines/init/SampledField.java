package dev.mixdown.pipelines.init;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A field that sampled records have.
 *
 * @param types what its values are: text, number, boolean, object, list, null
 * @param records how many records have it
 * @param values how many records have each value; empty where there are too many different ones
 */
record SampledField(String name, List<String> types, long records, Map<String, Long> values) {
  /** More different values than that are no categories. */
  private static final int MOST_VALUES = 20;

  /** A category has at least this many records, on the average. */
  private static final long RECORDS_OF_A_VALUE = 5;

  /** The fields of records, in the order in which they come. */
  static List<SampledField> of(List<ObjectNode> records) {
    Map<String, List<JsonNode>> values = new LinkedHashMap<>();
    for (ObjectNode record : records) {
      record
          .properties()
          .forEach(
              field ->
                  values
                      .computeIfAbsent(field.getKey(), key -> new ArrayList<>())
                      .add(field.getValue()));
    }
    return values.entrySet().stream().map(e -> of(e.getKey(), e.getValue())).toList();
  }

  private static SampledField of(String name, List<JsonNode> values) {
    TreeSet<String> types = new TreeSet<>();
    Map<String, Long> counts = new TreeMap<>();
    for (JsonNode value : values) {
      types.add(type(value));
      if (counts.size() <= MOST_VALUES) {
        counts.merge(value.asText(), 1L, Long::sum);
      }
    }
    boolean few = counts.size() <= MOST_VALUES;
    return new SampledField(
        name, List.copyOf(types), values.size(), few ? Map.copyOf(counts) : Map.of());
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "text";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      case ARRAY -> "list";
      case NULL -> "null";
      default -> "object";
    };
  }

  /**
   * Whether the field could say a record's category: every record has it, as text, and few values
   * occur again and again.
   *
   * @param sampled how many records were looked at
   */
  boolean couldBeCategory(long sampled) {
    return types.equals(List.of("text"))
        && records == sampled
        && values.size() > 1
        && values.size() * RECORDS_OF_A_VALUE <= sampled
        && !values.containsKey("");
  }

  /** The values, the most frequent first. */
  List<String> byFrequency() {
    return values.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  ObjectNode json(long sampled) {
    ObjectNode json = Json.object().put("name", name);
    json.set("types", Json.tree(types));
    json.put("could_be_category", couldBeCategory(sampled));
    json.set("values", Json.tree(couldBeCategory(sampled) ? byFrequency() : List.of()));
    return json;
  }
}
