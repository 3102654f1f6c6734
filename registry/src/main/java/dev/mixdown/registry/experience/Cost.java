package dev.mixdown.registry.experience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.adapting.ModelSize;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.platform.Cells;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a training is going to cost, by the jobs of the same recipe and model size that have ended:
 * the hours of their GPUs, scaled by the samples and epochs where those are known.
 *
 * @param jobs how many ended jobs there are with times and GPUs
 * @param completed of these, the completed ones
 * @param median hours of GPUs that half of them did not exceed
 * @param high hours that nine of ten did not exceed
 * @param scaled whether they are scaled to the samples and epochs that were asked for
 * @param gpus over how many GPUs the hours are spread
 * @param price of an hour of a GPU; null where none is known
 */
public record Cost(
    String recipe,
    String modelSize,
    long jobs,
    long completed,
    double median,
    double high,
    boolean scaled,
    int gpus,
    @Nullable Double price) {
  private static final double SECONDS = 3600;

  /**
   * What is asked.
   *
   * @param samples of the manifest that will be followed; null where it is not known
   * @param epochs how often it will be followed
   */
  public record Request(
      String recipe,
      ModelSize size,
      int gpus,
      @Nullable Long samples,
      double epochs,
      @Nullable Double price) {}

  /** Asks a catalog; empty where no ended job of the recipe and size has times and GPUs. */
  public static Optional<Cost> of(Catalog catalog, Request request) {
    Map<String, Long> samples = samples(catalog);
    List<Double> hours = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    long completed = 0;
    for (CatalogJob job : ended(catalog, request.recipe())) {
      Optional<Double> spent = hours(job);
      if (spent.isPresent() && isOfSize(job, request.size())) {
        hours.add(spent.get());
        completed += "completed".equals(job.status()) ? 1 : 0;
        Long given = job.manifest() == null ? null : samples.get(job.manifest());
        double epochs = job.number("num_epochs").orElse(1.0);
        if (given != null && given > 0 && epochs > 0 && "completed".equals(job.status())) {
          rates.add(spent.get() / (given * epochs));
        }
      }
    }
    if (hours.isEmpty()) {
      return Optional.empty();
    }
    Long planned = request.samples();
    boolean scaled = planned != null && !rates.isEmpty();
    double factor = scaled && planned != null ? planned * request.epochs() : 1;
    List<Double> values = scaled ? rates : hours;
    return Optional.of(
        new Cost(
            request.recipe(),
            request.size().text(),
            values.size(),
            scaled ? rates.size() : completed,
            quantile(values, 0.5) * factor,
            quantile(values, 0.9) * factor,
            scaled,
            request.gpus(),
            request.price()));
  }

  private static Map<String, Long> samples(Catalog catalog) {
    Map<String, Long> samples = new HashMap<>();
    catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery("SELECT id, samples FROM mixdown_manifests")
                    .map((row, context) -> samples.put(row.getString(1), row.getLong(2)))
                    .list());
    return samples;
  }

  private static List<CatalogJob> ended(Catalog catalog, String recipe) {
    return new CatalogJobs(catalog).ended(recipe);
  }

  private static Optional<Double> hours(CatalogJob job) {
    if (job.startedAt() == null || job.completedAt() == null) {
      return Optional.empty();
    }
    Duration time =
        Duration.between(
            Cells.time(job.startedAt()).orElseThrow(), Cells.time(job.completedAt()).orElseThrow());
    return job.number("num_gpus")
        .filter(gpus -> gpus > 0 && !time.isNegative())
        .map(gpus -> gpus * (time.toMillis() / 1000.0) / SECONDS);
  }

  private static boolean isOfSize(CatalogJob job, ModelSize size) {
    try {
      return job.model() != null && ModelSize.parse(job.model()).total() == size.total();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** By linear interpolation between the two next values, as NumPy does. */
  static double quantile(List<Double> values, double share) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** The document that {@code experience cost --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object().put("recipe", recipe).put("model_size", modelSize);
    document.put("jobs", jobs);
    document.put("completed_jobs", completed);
    document.put("scaled", scaled);
    document.put("gpus", gpus);
    values(document.putObject("p50"), median);
    values(document.putObject("p90"), high);
    return document;
  }

  private void values(ObjectNode node, double hours) {
    node.set("gpu_hours", Numbers.json(Numbers.mean(hours)));
    node.set("duration_seconds", Numbers.json(Numbers.mean(hours / gpus * SECONDS)));
    if (price != null) {
      node.set("price", Numbers.json(Numbers.mean(hours * price)));
    }
  }
}
