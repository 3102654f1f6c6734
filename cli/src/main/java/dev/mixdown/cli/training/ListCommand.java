package dev.mixdown.cli.training;

import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.training.TrainingHistory;
import dev.mixdown.registry.training.TrainingInfo;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists histories. */
@Command(
    name = "list",
    description = "List all training histories below a folder.",
    sortOptions = false)
final class ListCommand extends JsonCommand {
  @Mixin private Artifacts artifacts = new Artifacts();

  @Override
  public Integer call() throws Exception {
    TrainingHistory found = artifacts.histories(storage(), err());
    if (json()) {
      print(found.json());
      return 0;
    }
    if (found.infos().isEmpty()) {
      out().println("No usable training_info.json below " + artifacts.folder());
      return 0;
    }
    Table table =
        new Table(
            "model",
            "stage",
            ">steps",
            "datasets",
            "checkpoint",
            "last updated",
            "metrics",
            "path");
    for (TrainingInfo info : found.infos()) {
      List<String> datasets =
          info.history().stream().map(e -> e.path("dataset").asText()).distinct().toList();
      table.row(
          info.text("model_name").orElse("-"),
          info.text("stage").orElse("-"),
          Counts.number(info.totalSteps()),
          String.join(", ", datasets),
          info.text("final_checkpoint").orElse(info.text("status").orElse("-")),
          info.text("last_updated").orElse("-"),
          info.history().isEmpty()
              ? ""
              : TrainingText.values(info.history().get(info.history().size() - 1).path("metrics")),
          info.path());
    }
    table.print(out());
    return 0;
  }
}
