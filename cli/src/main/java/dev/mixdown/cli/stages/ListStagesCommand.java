package dev.mixdown.cli.stages;

import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.pipelines.stages.StageDescription;
import dev.mixdown.pipelines.stages.StageStatus;
import java.util.ArrayList;
import java.util.List;
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
      print(StageDescription.json(status));
      return 0;
    }
    if (stages.isEmpty()) {
      out().println("This repository has no stages: its one config applies to all training.");
      return 0;
    }
    boolean resources =
        stages.stream().anyMatch(stage -> !StageDescription.resources(stage).isEmpty());
    Table table =
        resources
            ? new Table("", "stage", "name", "entered", "config", "resources")
            : new Table("", "stage", "name", "entered", "config");
    for (Stage stage : stages) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  StageDescription.isActive(stage, status) ? "*" : "",
                  stage.key(),
                  stage.name().orElse(""),
                  StageDescription.entered(stage),
                  StageDescription.configs(stage)));
      if (resources) {
        cells.add(StageDescription.resources(stage));
      }
      table.row(cells.toArray(String[]::new));
    }
    table.print(out());
    return 0;
  }
}
