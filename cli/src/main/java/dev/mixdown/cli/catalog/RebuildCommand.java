package dev.mixdown.cli.catalog;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.imports.SharedDatabase;
import picocli.CommandLine.Command;

/** Makes the catalog again. */
@Command(
    name = "rebuild",
    description = {
      "Make the catalog again from the registry's files.",
      "",
      "Rows of other programs in its database stay; their jobs are taken in first."
    },
    sortOptions = false)
final class RebuildCommand extends CatalogCommand {
  @Override
  public Integer call() throws Exception {
    try (Catalog open = open()) {
      Catalog.Outcome outcome = SharedDatabase.rebuild(open);
      if (json()) {
        print(
            Json.object()
                .put("catalog", open.database().address().toString())
                .put("entries", outcome.entries())
                .put("rebuilt", true));
      } else {
        out()
            .printf(
                "Rebuilt %s from %s%n",
                open.database().address(), Counts.of(outcome.entries(), "entry", "entries"));
      }
    }
    return 0;
  }
}
