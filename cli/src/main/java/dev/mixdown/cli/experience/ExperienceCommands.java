package dev.mixdown.cli.experience;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown experience}. */
@Command(
    name = "experience",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "What past jobs teach: which recipe works, on which data, with which parameters.",
    subcommands = {
      RecommendCommand.class,
      BestPracticesCommand.class,
      SuggestCommand.class,
      SimilarCommand.class,
      CloneCommand.class,
      CostCommand.class
    })
public final class ExperienceCommands extends ParentCommand {}
