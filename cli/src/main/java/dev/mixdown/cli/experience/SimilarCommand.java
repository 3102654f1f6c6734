package dev.mixdown.cli.experience;

import dev.mixdown.cli.catalog.CatalogQuestion;
import dev.mixdown.cli.options.ConfigFile;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.experience.SimilarJobs;
import dev.mixdown.registry.experience.SimilarJobs.Similar;
import dev.mixdown.registry.experience.TrainingParameters;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds similar jobs. */
@Command(
    name = "similar",
    description = {
      "Show completed jobs by how similar their parameters are to a config.",
      "",
      "1 is the same, 0 is as far away as can be (Gower's similarity); a parameter that one side lacks is"
          + " left out."
    },
    sortOptions = false)
final class SimilarCommand extends CatalogQuestion {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "A training config, JSON or YAML.")
  private String config = "";

  @Option(names = "--algorithm", paramLabel = "A", description = "Only jobs of this algorithm.")
  private @Nullable String algorithm;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "5",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() throws Exception {
    if (limit < 1) {
      throw badUsage("--limit is " + limit + "; it has to be at least 1");
    }
    Optional<Algorithm> only = Optional.ofNullable(algorithm).map(this::algorithm);
    TrainingParameters parameters = TrainingParameters.of(ConfigFile.read(storage(), config), only);
    try (Catalog catalog = catalog()) {
      SimilarJobs similar = SimilarJobs.of(catalog, parameters, only.orElse(null), limit);
      if (json()) {
        print(similar.json());
      } else {
        print(similar);
      }
    }
    return 0;
  }

  private Algorithm algorithm(String word) {
    return Algorithm.of(word)
        .orElseThrow(
            () ->
                badUsage(
                    "--algorithm is \"%s\"%s"
                        .formatted(word, DidYouMean.hint(word, Algorithm.words()))));
  }

  private void print(SimilarJobs similar) {
    if (similar.jobs().isEmpty()) {
      out().println("No completed jobs to compare with");
      return;
    }
    out().println("Compared with " + Counts.of(similar.compared(), "completed job"));
    Table table = new Table(">similarity", "job", "name", "recipe", "differs most in");
    for (Similar job : similar.jobs()) {
      table.row(
          String.format(Locale.ROOT, "%.3f", job.similarity()),
          job.job().uuid(),
          job.job().name(),
          Objects.requireNonNullElse(job.job().recipe(), ""),
          job.differing().stream()
              .map(d -> "%s: %s -> %s".formatted(d.parameter(), d.config(), d.job()))
              .collect(Collectors.joining(", ")));
    }
    table.print(out());
  }
}
