package dev.mixdown.cli.catalog;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.imports.PlatformMigration;
import dev.mixdown.registry.imports.PlatformMigration.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a platform's database up to date. */
@Command(
    name = "migrate",
    description = {
      "Bring a training platform's database to its second phase, in place: recipes and dataset"
          + " versions of jobs.",
      "",
      "It looks at the tables that are there and adds what is missing; nothing else is changed, and"
          + " older programs go on reading and writing. A file is copied before; all is done, or"
          + " nothing."
    },
    sortOptions = false)
final class MigrateCommand extends CatalogCommand {
  @Parameters(paramLabel = "URL|FILE", description = "The platform's database.")
  private String database = "";

  @Option(names = "--dry-run", description = "Print what would be executed, and change nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws Exception {
    Outcome outcome =
        PlatformMigration.run(catalog.database(database), registry.registry(), dryRun);
    if (json()) {
      print(outcome.json());
      return 0;
    }
    if (outcome.isUpToDate()) {
      out().println("Up to date: " + outcome.database());
    } else if (dryRun) {
      outcome.statements().forEach(statement -> out().println(statement + ";"));
    } else {
      out()
          .printf(
              "Migrated %s: %s%n",
              outcome.database(), Counts.of(outcome.statements().size(), "statement"));
      outcome.backup().ifPresent(copy -> out().println("As it was before: " + copy));
    }
    if (outcome.joined() > 0) {
      out()
          .printf(
              "%s %s the dataset version of its data%n",
              Counts.of(outcome.joined(), "job"), dryRun ? "would get" : "got");
    }
    outcome.versions().forEach((path, reason) -> out().println("  " + path + ": " + reason));
    return 0;
  }
}
