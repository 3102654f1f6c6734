package dev.mixdown.cli.catalog;

import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.imports.PlatformImport;
import dev.mixdown.registry.imports.PlatformImport.Join;
import dev.mixdown.registry.imports.PlatformImport.Numbers;
import dev.mixdown.registry.imports.PlatformImport.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a platform's database in. */
@Command(
    name = "import",
    description = {
      "Take a training platform's database in: jobs, metrics and dataset versions become entries of"
          + " the registry.",
      "",
      "Importing again adds what is new or has changed. A row that cannot be understood is named, and"
          + " the others come in; the database is only read."
    },
    sortOptions = false)
final class ImportCommand extends CatalogCommand {
  private static final int MOST_LINES = 20;

  @Parameters(paramLabel = "URL|FILE", description = "The platform's database.")
  private String source = "";

  @Option(names = "--dry-run", description = "Say what would be added, and write nothing.")
  private boolean dryRun;

  @Option(
      names = "--map",
      paramLabel = "OLD=NEW",
      description = "Paths of data that begin with OLD begin with NEW now; may be repeated.")
  private Map<String, String> moved = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    try (Catalog open = open()) {
      Outcome outcome =
          PlatformImport.run(
              open, new PlatformImport.Request(catalog.database(source), dryRun, moved));
      if (json()) {
        print(outcome.json());
      } else {
        tell(outcome);
      }
    }
    return 0;
  }

  private void tell(Outcome outcome) {
    out().println((dryRun ? "Would import " : "Imported ") + outcome.source());
    Table table = new Table("", ">rows", ">new", ">changed");
    row(table, "jobs", outcome.jobs());
    row(table, "metrics", outcome.metrics());
    row(table, "versions", outcome.versions());
    table.print(out());
    out().printf("The dataset version of %s is known%n", Counts.of(outcome.joined(), "job"));
    outcome.joins().stream().limit(MOST_LINES).forEach(join -> out().println("  " + line(join)));
    more(outcome.joins().size());
    if (outcome.unreadCells() > 0) {
      out().println("Not understood:");
      outcome.unread().stream().limit(MOST_LINES).forEach(cell -> out().println("  " + cell));
      more(outcome.unreadCells());
    }
  }

  private void more(long count) {
    if (count > MOST_LINES) {
      out().printf("  and %,d more; --json has them%n", count - MOST_LINES);
    }
  }

  private static String line(Join join) {
    return "%s: %,d of %s; %s"
        .formatted(
            join.path().isEmpty() ? "no path" : join.path(),
            join.joined(),
            Counts.of(join.jobs(), "job"),
            join.reason());
  }

  private static void row(Table table, String name, Numbers numbers) {
    table.row(
        name,
        Counts.number(numbers.read()),
        Counts.number(numbers.fresh()),
        Counts.number(numbers.changed()));
  }
}
