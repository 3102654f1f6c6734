package dev.mixdown.cli.stages;

import picocli.CommandLine.Command;

/** The other name of {@code switch-stage}, which scripts use with a reason. */
@Command(
    name = "activate",
    description = "The same as switch-stage; usually with --reason.",
    sortOptions = false)
final class ActivateCommand extends SwitchStageCommand {}
