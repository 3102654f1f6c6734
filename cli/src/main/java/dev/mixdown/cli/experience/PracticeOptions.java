package dev.mixdown.cli.experience;

import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.jobs.ManifestShares;
import dev.mixdown.registry.experience.BestPractices;
import dev.mixdown.registry.experience.DataFilter;
import dev.mixdown.registry.experience.MetricDirections;
import dev.mixdown.registry.experience.MetricDirections.Direction;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** By what jobs are compared, and which. */
final class PracticeOptions {
  /** Which value of a job counts. */
  enum Value {
    BEST,
    LAST
  }

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--metric",
      required = true,
      paramLabel = "M",
      description = "The metric, as reward_mean, total_loss or accuracy.")
  private String metric = "";

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      description =
          "higher or lower is better (default: by the metric's name, as a loss is better lower).")
  private @Nullable Direction direction;

  @Option(
      names = "--value",
      paramLabel = "WHICH",
      defaultValue = "best",
      description = "best over all steps, or last (default: ${DEFAULT-VALUE}).")
  private Value value = Value.BEST;

  @Option(
      names = "--same-data",
      arity = "0..1",
      fallbackValue = "all",
      paramLabel = "SHARE",
      description =
          "Only jobs on the data of --manifest: made of the same dataset versions; with SHARE (0.9,"
              + " 90%%), trained on manifests that gave at least that share of its samples.")
  private @Nullable String sameData;

  @Option(
      names = "--manifest",
      paramLabel = "MANIFEST",
      description = "For --same-data: the manifest that you are about to train on.")
  private @Nullable String manifest;

  /** The question about a recipe. */
  BestPractices.Request request(String recipe, int limit, RecipeOptions registry)
      throws IOException {
    return new BestPractices.Request(
        recipe, metric, direction(), value == Value.LAST, limit, data(registry));
  }

  private Direction direction() {
    if (direction != null) {
      return direction;
    }
    return MetricDirections.standard()
        .of(metric)
        .orElseThrow(
            () ->
                badUsage(
                    "whether %s is better when it is higher or lower is not known; set --direction"
                        .formatted(metric)));
  }

  private @Nullable DataFilter data(RecipeOptions registry) throws IOException {
    if (sameData == null) {
      if (manifest != null) {
        throw badUsage("--manifest says what --same-data compares with; add --same-data");
      }
      return null;
    }
    if (manifest == null) {
      throw badUsage("--same-data needs the manifest to compare with; set --manifest");
    }
    ManifestFinder finder = registry.manifests();
    ManifestShares data = new ManifestShares(registry.workspace(), finder, finder.find(manifest));
    return new DataFilter(data.samplesByVersion(), share(sameData), data);
  }

  private @Nullable Double share(String text) {
    if (text.equals("all")) {
      return null;
    }
    boolean percent = text.endsWith("%");
    try {
      double share = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      double part = percent ? share / 100 : share;
      if (part > 0 && part <= 1) {
        return part;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw badUsage(
        "--same-data is \"" + text + "\"; a share from 0 to 1 is expected, as 0.9 or 90%");
  }

  private ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
