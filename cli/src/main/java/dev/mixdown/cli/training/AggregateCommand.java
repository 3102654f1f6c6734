package dev.mixdown.cli.training;

import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.training.TrainingAggregate;
import dev.mixdown.registry.training.TrainingAggregate.DatasetTotals;
import dev.mixdown.registry.training.TrainingHistory;
import java.math.BigDecimal;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares strategies. */
@Command(
    name = "aggregate",
    description = {
      "Compare strategies: all histories below a folder by stage and the datasets they trained on, best"
          + " first."
    },
    sortOptions = false)
final class AggregateCommand extends JsonCommand {
  @Mixin private Artifacts artifacts = new Artifacts();

  @Option(
      names = "--metric",
      paramLabel = "M",
      defaultValue = "f1",
      description = "Which of the last training's metrics counts (default: ${DEFAULT-VALUE}).")
  private String metric = "f1";

  @Option(names = "--lower", description = "Less is better, as with a loss.")
  private boolean lower;

  @Override
  public Integer call() throws Exception {
    TrainingHistory found = artifacts.histories(storage(), err());
    TrainingAggregate aggregate = TrainingAggregate.of(found.infos(), metric, lower);
    if (json()) {
      print(aggregate.json(metric));
      return 0;
    }
    if (aggregate.groups().isEmpty()) {
      out().println("No trainings below " + artifacts.folder());
      return 0;
    }
    Table table =
        new Table(
            "stage", "strategy", ">histories", ">steps", ">best " + metric, ">mean", "best in");
    for (DatasetTotals group : aggregate.groups()) {
      table.row(
          group.stage(),
          group.strategy(),
          String.valueOf(group.histories()),
          Counts.number(group.steps()),
          text(group.best()),
          text(group.mean()),
          group.bestFile().orElse(""));
    }
    table.print(out());
    return 0;
  }

  private static String text(Optional<BigDecimal> value) {
    return value.map(v -> v.stripTrailingZeros().toPlainString()).orElse("-");
  }
}
