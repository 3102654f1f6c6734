package dev.mixdown.cli.manifests;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown manifests}. */
@Command(
    name = "manifests",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "The manifests that have been prepared: list them, remove those not needed,"
            + " make again what lies beside them.",
    subcommands = {
      ListManifestsCommand.class,
      PruneManifestsCommand.class,
      RebuildUsesCommand.class
    })
public final class ManifestsCommands extends ParentCommand {}
