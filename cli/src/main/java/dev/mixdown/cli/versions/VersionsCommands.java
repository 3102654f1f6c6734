package dev.mixdown.cli.versions;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown versions}. */
@Command(
    name = "versions",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Dataset versions: which there are, what is in them, what changed, who used them.",
    footer = {"", "A HASH may be cut to its first eight digits, or more."},
    subcommands = {
      SnapshotCommand.class,
      ListVersionsCommand.class,
      ShowVersionCommand.class,
      CompareVersionsCommand.class,
      VersionLineageCommand.class
    })
public final class VersionsCommands extends ParentCommand {}
