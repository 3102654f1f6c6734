package dev.mixdown.cli.experience;

import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.experience.BestPractices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the best jobs of a recipe. */
@Command(
    name = "best-practices",
    description = {
      "Show the best jobs of a recipe by a metric, and what they were trained with.",
      "",
      "Only completed jobs are compared; those with NaN or infinite values are left out, and counted."
    },
    sortOptions = false)
final class BestPracticesCommand extends CatalogQuestion {
  @Parameters(paramLabel = "RECIPE", description = "A recipe's id.")
  private String recipe = "";

  @Mixin private PracticeOptions practice = new PracticeOptions();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "3",
      description = "How many jobs (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Override
  public Integer call() throws Exception {
    if (topK < 1) {
      throw badUsage("--top-k is " + topK + "; it has to be at least 1");
    }
    try (Catalog catalog = catalog()) {
      BestPractices best = BestPractices.of(catalog, practice.request(recipe, topK, registry()));
      if (json()) {
        print(best.json());
      } else {
        PracticeText.print(best, out());
      }
    }
    return 0;
  }
}
