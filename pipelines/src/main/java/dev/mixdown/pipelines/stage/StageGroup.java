package dev.mixdown.pipelines.stage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code mixdown stage}. */
@Command(
    name = "stage",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Manage stages: which one is active, when to switch, configs from templates.",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 bad usage or config; of check: 0 stay, 10 switched, 11"
          + " proposed."
    },
    subcommands = {
      StatusCommand.class,
      ListStagesCommand.class,
      SwitchStageCommand.class,
      ActivateCommand.class,
      RollbackCommand.class,
      CheckCommand.class,
      ConfirmCommand.class,
      ResolveCommand.class,
      PreviewCommand.class,
      ReportCommand.class,
      ValidateConfigCommand.class,
      GenerateCommand.class
    })
public final class StageGroup implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Name a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
