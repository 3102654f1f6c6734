package dev.mixdown.registry.experience;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.Parameter;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.registry.catalog.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the best jobs do otherwise than a config. A suggestion is made where the config is more than
 * {@link #FAR} away from what the best jobs have on average.
 *
 * @param suggestions by parameter, in the order of the table of parameters
 * @param refused why there are none; empty where there could be some
 * @param best the jobs that they are taken from
 */
public record Suggestions(
    List<Suggestion> suggestions, Optional<String> refused, BestPractices best) {
  /** How many of the best jobs are looked at. */
  public static final int JOBS = 3;

  /** How far a value may be from the mean, as a share of it. */
  private static final double FAR = 0.3;

  /** A mean of three jobs is not exacter than that. */
  private static final int SHOWN_DIGITS = 3;

  /** What says nothing about how well a model is trained. */
  private static final Set<String> OTHERS =
      Set.of(
          "seed",
          Parameters.NUM_GPUS,
          Parameters.TENSOR_PARALLEL,
          Parameters.PIPELINE_PARALLEL,
          Parameters.MICRO_BATCH_SIZE,
          Parameters.LORA_ENABLED,
          "gradient_checkpointing",
          "packing");

  /** Parameters that a config should say; of others it need not have a value. */
  private static final Set<String> COLUMNS =
      Set.of(
          Parameters.LEARNING_RATE,
          Parameters.BATCH_SIZE,
          Parameters.NUM_EPOCHS,
          Parameters.KL_COEF);

  /**
   * One parameter.
   *
   * @param current null where the config has no number there
   * @param suggested the mean, whole where the parameter is
   * @param jobs the uuids of the jobs that have it
   * @param mean the arithmetic mean over these
   */
  public record Suggestion(
      String parameter,
      @Nullable Double current,
      double suggested,
      String reason,
      List<String> jobs,
      double mean,
      double least,
      double most) {
    private ObjectNode json() {
      ObjectNode json = Json.object().put("parameter", parameter);
      json.set("current_value", current == null ? null : Numbers.json(current));
      json.set("suggested_value", Numbers.json(suggested));
      json.put("reason", reason);
      json.set("jobs", Json.tree(jobs));
      json.put("count", jobs.size());
      json.set("mean", Numbers.json(mean));
      json.set("least", Numbers.json(least));
      json.set("most", Numbers.json(most));
      return json;
    }
  }

  /**
   * Compares a config with the best jobs.
   *
   * @param leastJobs below this many jobs, nothing is suggested
   */
  public static Suggestions of(TrainingParameters current, BestPractices best, int leastJobs) {
    if (best.best().size() < leastJobs) {
      return new Suggestions(
          List.of(),
          Optional.of(
              "%d completed jobs of %s have %s; %d are needed (--min-jobs asks for fewer)"
                  .formatted(best.best().size(), best.recipe(), best.metric(), leastJobs)),
          best);
    }
    List<Suggestion> suggestions = new ArrayList<>();
    List<TrainingParameters> theirs =
        best.best().stream().map(job -> TrainingParameters.of(job.config().config())).toList();
    Optional<Algorithm> algorithm =
        current
            .algorithm()
            .or(() -> theirs.stream().flatMap(t -> t.algorithm().stream()).findFirst());
    for (String name : Parameters.standard().names()) {
      Parameter parameter = Parameters.standard().find(name).orElseThrow();
      if (!OTHERS.contains(name) && algorithm.map(parameter::isUsedBy).orElse(true)) {
        suggestion(parameter, current, theirs, best).ifPresent(suggestions::add);
      }
    }
    return new Suggestions(suggestions, Optional.empty(), best);
  }

  private static Optional<Suggestion> suggestion(
      Parameter parameter,
      TrainingParameters current,
      List<TrainingParameters> theirs,
      BestPractices best) {
    String name = parameter.name();
    Double now = current.numbers().get(name);
    List<String> jobs = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < theirs.size(); i++) {
      Double value = theirs.get(i).numbers().get(name);
      if (value != null && isLegal(parameter, value)) {
        jobs.add(best.best().get(i).job().uuid());
        values.add(value);
      }
    }
    if (values.isEmpty() || (now == null && !COLUMNS.contains(name))) {
      return Optional.empty();
    }
    double mean =
        Numbers.mean(values.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
    if (now != null && Math.abs(now - mean) <= FAR * Math.abs(mean)) {
      return Optional.empty();
    }
    double suggested =
        parameter.type() == Parameter.Type.INTEGER
            ? Math.max(1, Math.rint(mean))
            : Numbers.rounded(mean, SHOWN_DIGITS);
    if (now != null && now == suggested) {
      return Optional.empty();
    }
    String reason =
        "%s: %s -> %s, the best jobs average %s"
            .formatted(
                name,
                now == null ? "none" : Numbers.text(now),
                Numbers.text(suggested),
                average(Numbers.rounded(mean, SHOWN_DIGITS)));
    return Optional.of(
        new Suggestion(
            name,
            now,
            suggested,
            reason,
            jobs,
            mean,
            values.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
            values.stream().mapToDouble(Double::doubleValue).max().orElseThrow()));
  }

  /** Databases have a rate of 0 where nobody said one. */
  private static boolean isLegal(Parameter parameter, double value) {
    return parameter.least().map(least -> value >= least.doubleValue()).orElse(true)
        && parameter.above().map(above -> value > above.doubleValue()).orElse(true);
  }

  /** Small numbers as {@code 6.50e-07}. */
  private static String average(double mean) {
    return mean != 0 && Math.abs(mean) < 0.001
        ? String.format(java.util.Locale.ROOT, "%.2e", mean)
        : Numbers.text(mean);
  }

  /** The document that {@code experience suggest --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("suggestions");
    suggestions.forEach(suggestion -> list.add(suggestion.json()));
    document.set("based_on", best.json());
    document.set(
        "notes", Json.tree(refused.stream().map(text -> Map.of("message", text)).toList()));
    return document;
  }
}
