package dev.mixdown.cli.stages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.pipelines.stages.StageStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Shows all stages. */
@Command(
    name = "list-stages",
    description = "Show all stages in the order in which they follow one another.",
    sortOptions = false)
final class ListStagesCommand extends RepositoryCommand {
  @Override
  public Integer call() throws Exception {
    StageStatus status = StageStatus.of(repository(), clock());
    List<Stage> stages = status.catalog().map(StageCatalog::inOrder).orElse(List.of());
    if (json()) {
      ArrayNode list = Json.array();
      stages.forEach(stage -> list.add(json(stage, isActive(stage, status))));
      ObjectNode document = Json.object();
      document.set("stages", list);
      print(document);
      return 0;
    }
    if (stages.isEmpty()) {
      out().println("This repository has no stages: its one config applies to all training.");
      return 0;
    }
    boolean resources = stages.stream().anyMatch(stage -> !resources(stage).isEmpty());
    Table table =
        resources
            ? new Table("", "stage", "name", "entered", "config", "resources")
            : new Table("", "stage", "name", "entered", "config");
    for (Stage stage : stages) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  isActive(stage, status) ? "*" : "",
                  stage.key(),
                  stage.name().orElse(""),
                  entered(stage),
                  configs(stage)));
      if (resources) {
        cells.add(resources(stage));
      }
      table.row(cells.toArray(String[]::new));
    }
    table.print(out());
    return 0;
  }

  private static boolean isActive(Stage stage, StageStatus status) {
    return status.stage().equals(Optional.of(stage.key()));
  }

  /** How a stage is entered, in words. */
  static String entered(Stage stage) {
    return stage.manual() || stage.conditions().isEmpty() ? "by hand" : "when " + stage.condition();
  }

  /** Its config, or its arms with their weights. */
  static String configs(Stage stage) {
    return stage.variants().isEmpty()
        ? stage.configFile().orElse("training_dataset.json")
        : stage.variants().values().stream()
            .map(v -> v.key() + " " + v.weight().toPlainString())
            .collect(Collectors.joining(", "));
  }

  /** What a stage needs, in one line. */
  static String resources(Stage stage) {
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
