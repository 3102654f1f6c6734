package dev.mixdown.pipelines.stages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A stage of a catalog, as text and as JSON. */
public final class StageDescription {
  private StageDescription() {}

  /** How a stage is entered, in words. */
  public static String entered(Stage stage) {
    return stage.manual() || stage.conditions().isEmpty() ? "by hand" : "when " + stage.condition();
  }

  /** Its config, or its arms with their weights. */
  public static String configs(Stage stage) {
    return stage.variants().isEmpty()
        ? stage.configFile().orElse("training_dataset.json")
        : stage.variants().values().stream()
            .map(v -> v.key() + " " + v.weight().toPlainString())
            .collect(Collectors.joining(", "));
  }

  /** What a stage needs, in one line. */
  public static String resources(Stage stage) {
    return stage
        .node()
        .find("resource_requirements")
        .filter(Node.Mapping.class::isInstance)
        .map(
            node ->
                ((Node.Mapping) node)
                    .values().entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue().plain())
                        .collect(Collectors.joining(", ")))
        .orElse("");
  }

  /** The document that {@code stage list-stages --json} prints. */
  public static ObjectNode json(StageStatus status) {
    ObjectNode document = Json.object();
    ArrayNode stages = document.putArray("stages");
    status
        .catalog()
        .map(StageCatalog::inOrder)
        .orElse(List.of())
        .forEach(stage -> stages.add(json(stage, isActive(stage, status))));
    return document;
  }

  /** Whether a stage is the active one. */
  public static boolean isActive(Stage stage, StageStatus status) {
    return status.stage().equals(Optional.of(stage.key()));
  }

  /** The document of a stage in {@code stage list-stages --json}. */
  private static ObjectNode json(Stage stage, boolean active) {
    ObjectNode node = Json.object();
    node.put("stage", stage.key());
    node.put("name", stage.name().orElse(null));
    node.put("description", stage.description().orElse(null));
    node.put("active", active);
    node.put("priority", stage.priority().orElse(null));
    node.put("trigger_mode", stage.manual() ? "manual" : "auto");
    node.set("conditions", Json.tree(stage.conditions().stream().map(Condition::text).toList()));
    node.put("config_file", stage.configFile().orElse(null));
    ObjectNode variants = node.putObject("variants");
    stage
        .variants()
        .values()
        .forEach(
            v ->
                variants
                    .putObject(v.key())
                    .put("name", v.name().orElse(null))
                    .put("description", v.description().orElse(null))
                    .put("config_file", v.configFile().orElse(null))
                    .put("weight", v.weight()));
    node.set(
        "resource_requirements",
        Json.tree(stage.node().find("resource_requirements").map(Node::plain).orElse(null)));
    return node;
  }
}
