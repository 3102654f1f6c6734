package dev.mixdown.pipelines.registry;

import dev.mixdown.pipelines.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** The command {@code mixdown registry}. */
@Command(
    name = "registry",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "The record store as a whole.",
    subcommands = {VerifyRegistryCommand.class})
public final class RegistryGroup extends CommandGroup {}
