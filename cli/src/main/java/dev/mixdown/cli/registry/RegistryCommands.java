package dev.mixdown.cli.registry;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown registry}. */
@Command(
    name = "registry",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "The registry as a whole.",
    subcommands = {VerifyRegistryCommand.class, ExportRegistryCommand.class})
public final class RegistryCommands extends ParentCommand {}
