package dev.mixdown.cli.experience;

import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.cli.catalog.StaleOption;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.recipes.RecipeLibrary.Found;
import dev.mixdown.recipes.TaskType;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.experience.Recommendations;
import dev.mixdown.registry.experience.Recommendations.Tally;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Recommends recipes. */
@Command(
    name = "recommend",
    description = {
      "Show which recipes have worked, the best first.",
      "",
      "The success rate is completed jobs among those that were completed or have failed; recipes are"
          + " ranked by its lower bound (Wilson, 95 %%), so that one of one does not come before 92 of"
          + " 100."
    },
    sortOptions = false)
final class RecommendCommand extends CatalogQuestion {
  private static final int MOST_NAMED = 5;

  @Option(
      names = "--task-type",
      paramLabel = "T",
      description = "Only recipes of this type, as \"mixdown recipes task-types\" lists them.")
  private @Nullable String taskType;

  @Option(names = "--algorithm", paramLabel = "A", description = "Only jobs of this algorithm.")
  private @Nullable String algorithm;

  @Option(
      names = "--min-success-count",
      paramLabel = "N",
      defaultValue = "1",
      description = "Only recipes with so many completed jobs (default: ${DEFAULT-VALUE}).")
  private long leastSuccesses;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "5",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Mixin private StaleOption stale = new StaleOption();

  @Override
  public Integer call() throws Exception {
    String type = known("--task-type", taskType, TaskType.words());
    String trained = known("--algorithm", algorithm, Algorithm.words());
    RecipeLibrary library = registry().library();
    List<Found> recipes = library.newest(new Problems());
    Set<String> asked =
        recipes.stream()
            .filter(found -> type == null || found.recipe().taskType().word().equals(type))
            .map(found -> found.recipe().id())
            .collect(Collectors.toSet());
    try (Catalog catalog = catalog()) {
      Recommendations found =
          Recommendations.of(
              catalog,
              new Recommendations.Request(
                  trained, asked, library.ids(), leastSuccesses, limit, stale.since()));
      if (json()) {
        print(found.json());
      } else {
        print(found);
      }
    }
    return 0;
  }

  private void print(Recommendations found) {
    Table table =
        new Table(
            "recipe",
            ">success",
            ">at least",
            ">completed",
            ">failed",
            ">cancelled",
            ">stale",
            ">jobs",
            ">learning rate",
            ">batch");
    for (Tally tally : found.recipes()) {
      table.row(
          tally.recipe(),
          percent(tally.successRate()),
          percent(tally.successLow()),
          Counts.number(tally.completed()),
          Counts.number(tally.failed()),
          Counts.number(tally.cancelled()),
          Counts.number(tally.stale()),
          Counts.number(tally.total()),
          text(tally.typicalLearningRate()),
          text(tally.batchSize()));
    }
    if (!found.recipes().isEmpty()) {
      table.print(out());
    }
    found
        .emptiness()
        .ifPresent(
            reason ->
                out()
                    .println(
                        reason.substring(0, 1).toUpperCase(Locale.ROOT) + reason.substring(1)));
    named("running, but not heard of for longer than --stale-after", found.stale());
    named("with a status or algorithm that nobody knows, counted nowhere", found.uncounted());
    if (!found.unknownRecipes().isEmpty()) {
      out()
          .println("Note: recipes that nobody knows are left out: " + some(found.unknownRecipes()));
    }
  }

  private void named(String what, List<String> uuids) {
    if (!uuids.isEmpty()) {
      out().printf("Note: %s %s: %s%n", Counts.of(uuids.size(), "job"), what, some(uuids));
    }
  }

  private static String some(List<String> words) {
    String first = words.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return words.size() > MOST_NAMED
        ? first + " and " + Counts.number(words.size() - MOST_NAMED) + " more"
        : first;
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f %%", value);
  }

  private static String text(OptionalDouble value) {
    return value.isPresent() ? Numbers.text(Numbers.rounded(value.getAsDouble(), 3)) : "";
  }
}
