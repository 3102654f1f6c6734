package dev.mixdown.registry.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.Registry;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Histories side by side.
 *
 * @param rows what they were made of, how and with what result; in the order of the files
 */
public record TrainingComparison(List<Row> rows) {
  /** Decimals of a share. */
  private static final int DECIMALS = 4;

  /**
   * One thing that may differ.
   *
   * @param section {@code model}, {@code data}, {@code hyperparams} or {@code metrics}
   * @param values one for each history; null where it says nothing, a list where it changed on the
   *     way, and an object with a share for data
   */
  public record Row(String section, String key, List<JsonNode> values) {
    /** Whether the histories differ in it. */
    public boolean differs() {
      return values.stream().distinct().count() > 1;
    }
  }

  /**
   * Compares histories.
   *
   * @param registry which knows what manifests took of each dataset
   */
  public static TrainingComparison of(List<TrainingInfo> infos, Registry registry)
      throws IOException {
    List<Map<String, JsonNode>> models = new ArrayList<>();
    List<Map<String, JsonNode>> steps = new ArrayList<>();
    List<Map<String, JsonNode>> mixes = new ArrayList<>();
    List<Map<String, JsonNode>> hyperparams = new ArrayList<>();
    List<Map<String, JsonNode>> metrics = new ArrayList<>();
    for (TrainingInfo info : infos) {
      models.add(model(info));
      steps.add(steps(info));
      mixes.add(mix(info, registry));
      hyperparams.add(values(info.history(), "hyperparams"));
      // What an earlier stage reached is no result of the later model.
      int last = Math.max(0, info.history().size() - 1);
      metrics.add(values(info.history().subList(last, info.history().size()), "metrics"));
    }
    List<Row> rows = new ArrayList<>();
    add(rows, "model", models);
    add(rows, "data", steps);
    add(rows, "data", mixes);
    add(rows, "hyperparams", hyperparams);
    add(rows, "metrics", metrics);
    return new TrainingComparison(rows);
  }

  /** The document that {@code training compare --json} prints. */
  public static ObjectNode json(List<TrainingInfo> infos, List<Row> rows) {
    ObjectNode document = Json.object();
    ArrayNode files = document.putArray("histories");
    infos.forEach(info -> files.add(info.path()));
    ArrayNode list = document.putArray("rows");
    for (Row row : rows) {
      ArrayNode values =
          list.addObject()
              .put("section", row.section())
              .put("key", row.key())
              .put("differs", row.differs())
              .putArray("values");
      row.values().forEach(values::add);
    }
    return document;
  }

  private static void add(List<Row> rows, String section, List<Map<String, JsonNode>> columns) {
    Set<String> keys = new LinkedHashSet<>();
    columns.forEach(column -> keys.addAll(column.keySet()));
    for (String key : keys) {
      rows.add(
          new Row(
              section,
              key,
              columns.stream().map(c -> c.getOrDefault(key, NullNode.instance)).toList()));
    }
  }

  private static Map<String, JsonNode> model(TrainingInfo info) {
    Map<String, JsonNode> model = new LinkedHashMap<>();
    for (String key : List.of("model_name", "stage", "base_model", "final_checkpoint")) {
      model.put(key, Json.tree(info.text(key).orElse(null)));
    }
    model.put("total_steps", Json.tree(info.totalSteps()));
    return model;
  }

  /** The steps on each dataset, with their share of all. */
  private static Map<String, JsonNode> steps(TrainingInfo info) {
    Map<String, Long> steps = new LinkedHashMap<>();
    for (JsonNode training : info.history()) {
      steps.merge(training.path("dataset").asText(), training.path("steps").asLong(), Long::sum);
    }
    Map<String, JsonNode> shares = new LinkedHashMap<>();
    steps.forEach(
        (dataset, count) -> shares.put(dataset, share("steps", count, info.totalSteps())));
    return shares;
  }

  /** What the history's manifest took of each dataset. */
  private static Map<String, JsonNode> mix(TrainingInfo info, Registry registry)
      throws IOException {
    Map<String, JsonNode> mix = new LinkedHashMap<>();
    List<JsonNode> history = info.history();
    JsonNode data =
        history.isEmpty() ? info.json().path("data") : info.data(history.get(history.size() - 1));
    String id = data.path("manifest_id").asText();
    if (id.isEmpty()) {
      return mix;
    }
    mix.put("manifest", Json.tree(id));
    Optional<ManifestEntry> manifest = registry.find(EntryKind.MANIFEST, id);
    if (manifest.isPresent()) {
      for (ManifestEntry.Share share : manifest.get().datasets()) {
        mix.put("mix." + share.name(), share("samples", share.samples(), manifest.get().samples()));
      }
    }
    return mix;
  }

  private static ObjectNode share(String unit, long part, long whole) {
    ObjectNode share = Json.object().put(unit, part);
    return whole == 0
        ? share
        : share.put(
            "share",
            BigDecimal.valueOf(part)
                .divide(BigDecimal.valueOf(whole), DECIMALS, RoundingMode.HALF_EVEN));
  }

  /** Values by name; all of them where they changed on the way. */
  private static Map<String, JsonNode> values(List<JsonNode> history, String key) {
    Map<String, List<JsonNode>> seen = new LinkedHashMap<>();
    for (JsonNode training : history) {
      training
          .path(key)
          .properties()
          .forEach(
              field -> {
                List<JsonNode> values =
                    seen.computeIfAbsent(field.getKey(), k -> new ArrayList<>());
                if (values.isEmpty() || !values.get(values.size() - 1).equals(field.getValue())) {
                  values.add(field.getValue());
                }
              });
    }
    Map<String, JsonNode> all = new LinkedHashMap<>();
    seen.forEach(
        (name, values) -> all.put(name, values.size() == 1 ? values.get(0) : Json.tree(values)));
    return all;
  }
}
