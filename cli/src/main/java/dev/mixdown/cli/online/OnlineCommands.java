package dev.mixdown.cli.online;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown online}. */
@Command(
    name = "online",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "A stage whose data keeps arriving: what comes is published in increments, small manifests that"
          + " continue one another, and a trainer follows.",
      "",
      "run goes on until it is stopped; tick does one step, for cron. Both may run at once, and"
          + " several of each: the chain of increments in the output folder never forks."
    },
    subcommands = {
      RunCommand.class,
      TickCommand.class,
      OnlineStatusCommand.class,
      DrainCommand.class,
      CloseCommand.class,
      VerifyStreamCommand.class,
      ConsumeCommand.class,
      ForgetCommand.class
    })
public final class OnlineCommands extends ParentCommand {}
