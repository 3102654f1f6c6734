package dev.mixdown.cli.training;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown training}. */
@Command(
    name = "training",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Training histories: training_info.json, beside a stage's checkpoints.",
    subcommands = {
      AppendCommand.class,
      ShowCommand.class,
      ListCommand.class,
      CompareCommand.class,
      AggregateCommand.class
    })
public final class TrainingCommands extends ParentCommand {}
