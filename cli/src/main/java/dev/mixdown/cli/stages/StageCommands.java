package dev.mixdown.cli.stages;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

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
public final class StageCommands extends ParentCommand {}
