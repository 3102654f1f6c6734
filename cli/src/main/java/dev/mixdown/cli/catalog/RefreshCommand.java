package dev.mixdown.cli.catalog;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.imports.SharedDatabase;
import picocli.CommandLine.Command;

/** Brings the catalog up to date. */
@Command(
    name = "refresh",
    description =
        "Read the registry's entries that the catalog does not have yet; where other programs write"
            + " into its database too, take their jobs in first.",
    sortOptions = false)
final class RefreshCommand extends CatalogCommand {
  @Override
  public Integer call() throws Exception {
    try (Catalog open = open()) {
      Catalog.Outcome outcome = SharedDatabase.refresh(open);
      if (json()) {
        print(
            Json.object()
                .put("catalog", open.database().address().toString())
                .put("entries", outcome.entries())
                .put("rebuilt", outcome.rebuilt()));
      } else {
        out()
            .printf(
                "%s %s (read %s)%n",
                outcome.rebuilt() ? "Rebuilt" : "Up to date:",
                open.database().address(),
                Counts.of(outcome.entries(), "entry", "entries"));
      }
    }
    return 0;
  }
}
