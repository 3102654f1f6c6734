package dev.mixdown.cli.experience;

import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.recipes.adapting.ModelSize;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.experience.Cost;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Estimates a cost. */
@Command(
    name = "cost",
    description = {
      "Estimate the GPU hours of a training, from jobs of the same recipe and model size that have"
          + " ended.",
      "",
      "With --manifest they are scaled by its samples and epochs, from completed jobs whose manifest is"
          + " known."
    },
    sortOptions = false)
final class CostCommand extends CatalogQuestion {
  @Parameters(paramLabel = "RECIPE", description = "A recipe's id.")
  private String recipe = "";

  @Option(
      names = "--model-size",
      required = true,
      paramLabel = "SIZE",
      description = "7B, 350M, or a model's name with its size.")
  private String modelSize = "";

  @Option(
      names = "--gpus",
      required = true,
      paramLabel = "N",
      description = "Over how many GPUs the hours are spread.")
  private int gpus;

  @Option(
      names = "--manifest",
      paramLabel = "MANIFEST",
      description = "Scale by the samples of this manifest.")
  private @Nullable String manifest;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often the manifest is followed (default: ${DEFAULT-VALUE}).")
  private double epochs;

  @Option(
      names = "--price-per-gpu-hour",
      paramLabel = "P",
      description = "What an hour of a GPU costs; without it, no money is named.")
  private @Nullable Double price;

  @Override
  public Integer call() throws Exception {
    if (gpus < 1 || epochs <= 0 || (price != null && price < 0)) {
      throw badUsage(
          "--gpus has to be at least 1, --epochs above 0, and --price-per-gpu-hour at least 0");
    }
    ModelSize size;
    try {
      size = ModelSize.parse(modelSize);
    } catch (IllegalArgumentException e) {
      throw badUsage("--model-size: " + e.getMessage());
    }
    Long samples =
        manifest == null ? null : registry().manifests().find(manifest).manifest().samples();
    try (Catalog catalog = catalog()) {
      Cost cost =
          Cost.of(catalog, new Cost.Request(recipe, size, gpus, samples, epochs, price))
              .orElseThrow(
                  () ->
                      new ConfigException(
                          "the cost",
                          recipe,
                          "no job of this recipe with a model of %s has ended with its times and GPUs"
                              .formatted(size.text())));
      if (json()) {
        print(cost.json());
      } else {
        print(cost, samples != null);
      }
    }
    return 0;
  }

  private void print(Cost cost, boolean asked) {
    out()
        .printf(
            "%s with %s on %s, from %s, %s%n",
            cost.recipe(),
            cost.modelSize(),
            Counts.of(cost.gpus(), "GPU"),
            Counts.of(cost.jobs(), "ended job"),
            cost.completed() + " of them completed");
    Table table = new Table("", ">GPU hours", ">hours", ">price");
    row(table, "half of them within", cost.median(), cost);
    row(table, "nine of ten within", cost.high(), cost);
    table.print(out());
    if (asked && !cost.scaled()) {
      out()
          .println(
              "Note: not scaled by samples: no completed job's manifest is known to the registry");
    }
  }

  private static void row(Table table, String name, double hours, Cost cost) {
    Double price = cost.price();
    table.row(
        name, shown(hours), shown(hours / cost.gpus()), price == null ? "" : shown(hours * price));
  }

  private static String shown(double value) {
    return Numbers.text(Numbers.rounded(value, 4));
  }
}
