package dev.mixdown.cli.experience;

import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.cli.options.ConfigFile;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.experience.BestPractices;
import dev.mixdown.registry.experience.Suggestions;
import dev.mixdown.registry.experience.Suggestions.Suggestion;
import dev.mixdown.registry.experience.TrainingParameters;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Suggests what to change. */
@Command(
    name = "suggest",
    description = {
      "Suggest changes to a config: where it is more than 30 %% away from what the best three jobs of"
          + " the recipe have on average.",
      "",
      "Parameters that the algorithm does not use are left alone."
    },
    sortOptions = false)
final class SuggestCommand extends CatalogQuestion {
  @Parameters(paramLabel = "RECIPE", description = "A recipe's id.")
  private String recipe = "";

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The config that you would train with, JSON or YAML.")
  private String config = "";

  @Option(
      names = "--min-jobs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Suggest nothing below so many jobs, 1 to 3 (default: ${DEFAULT-VALUE}).")
  private int leastJobs;

  @Mixin private PracticeOptions practice = new PracticeOptions();

  @Override
  public Integer call() throws Exception {
    if (leastJobs < 1 || leastJobs > Suggestions.JOBS) {
      throw badUsage("--min-jobs is " + leastJobs + "; it has to be 1, 2 or 3");
    }
    TrainingParameters current =
        TrainingParameters.of(ConfigFile.read(storage(), config), Optional.empty());
    try (Catalog catalog = catalog()) {
      BestPractices best =
          BestPractices.of(catalog, practice.request(recipe, Suggestions.JOBS, registry()));
      Suggestions suggestions = Suggestions.of(current, best, leastJobs);
      if (json()) {
        print(suggestions.json());
      } else {
        print(suggestions);
      }
    }
    return 0;
  }

  private void print(Suggestions suggestions) {
    if (suggestions.refused().isPresent()) {
      out().println("Nothing is suggested: " + suggestions.refused().get());
      return;
    }
    PracticeText.print(suggestions.best(), out());
    if (suggestions.suggestions().isEmpty()) {
      out()
          .println(
              "Nothing to change: the config is within 30 per cent of what they have on average");
      return;
    }
    Table table = new Table("suggestion", ">jobs", ">from", ">to");
    for (Suggestion suggestion : suggestions.suggestions()) {
      table.row(
          suggestion.reason(),
          Counts.number(suggestion.jobs().size()),
          Numbers.text(suggestion.least()),
          Numbers.text(suggestion.most()));
    }
    table.print(out());
  }
}
