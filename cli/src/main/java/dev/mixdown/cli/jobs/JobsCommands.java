package dev.mixdown.cli.jobs;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown jobs}. */
@Command(
    name = "jobs",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Training jobs: which there are, how they fared, and what becomes of them.",
    footer = {"", "A UUID may be cut to its first characters, at least four."},
    subcommands = {
      ListJobsCommand.class,
      ShowJobCommand.class,
      RecordJobCommand.class,
      EndJobCommand.class
    })
public final class JobsCommands extends ParentCommand {}
