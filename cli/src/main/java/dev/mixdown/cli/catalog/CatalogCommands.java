package dev.mixdown.cli.catalog;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown catalog}. */
@Command(
    name = "catalog",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "The catalog: a database over the registry, and what comes from a training platform's"
            + " database.",
    footer = {
      "",
      "A URL is jdbc:postgresql://HOST:PORT/NAME; a FILE is one of SQLite. A password may stand in"
          + " MIXDOWN_CATALOG_PASSWORD."
    },
    subcommands = {
      ImportCommand.class,
      MigrateCommand.class,
      RefreshCommand.class,
      RebuildCommand.class,
      DumpCommand.class
    })
public final class CatalogCommands extends ParentCommand {}
