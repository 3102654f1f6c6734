package dev.mixdown.cli.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.training.TrainingHistory;
import dev.mixdown.registry.training.TrainingInfo;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows a history. */
@Command(name = "show", description = "Show a training history.", sortOptions = false)
final class ShowCommand extends JsonCommand {
  @Parameters(paramLabel = "PATH", description = "A training_info.json, or its folder.")
  private String path = "";

  @Override
  public Integer call() throws Exception {
    TrainingInfo info = TrainingHistory.read(storage(), path);
    if (json()) {
      print(info.json());
      return 0;
    }
    Table table = new Table("", "");
    for (String key :
        List.of(
            "model_name", "stage", "base_model", "final_checkpoint", "status", "last_updated")) {
      info.text(key).ifPresent(value -> table.row(key, value));
    }
    table.row("total_steps", Counts.number(info.totalSteps()));
    table.print(out());
    if (info.history().isEmpty()) {
      out().println("No trainings yet");
      return 0;
    }
    Table trainings = new Table("dataset", ">steps", "from", "to", "metrics", "commit");
    for (JsonNode entry : info.history()) {
      trainings.row(
          entry.path("dataset").asText(),
          Counts.number(entry.path("steps").asLong()),
          entry.path("start_time").asText(),
          entry.path("end_time").asText(),
          TrainingText.values(entry.path("metrics")),
          TrainingText.commit(entry.path("git")));
    }
    trainings.print(out());
    return 0;
  }
}
