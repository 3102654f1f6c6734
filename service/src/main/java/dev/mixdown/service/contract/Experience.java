package dev.mixdown.service.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.recipes.RecipeLibrary.Found;
import dev.mixdown.recipes.adapting.Overrides;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.experience.BestPractices;
import dev.mixdown.registry.experience.BestPractices.Practice;
import dev.mixdown.registry.experience.ClonedJob;
import dev.mixdown.registry.experience.MetricDirections;
import dev.mixdown.registry.experience.MetricDirections.Direction;
import dev.mixdown.registry.experience.Recommendations;
import dev.mixdown.registry.experience.Recommendations.Tally;
import dev.mixdown.registry.experience.SimilarJobs;
import dev.mixdown.registry.experience.SimilarJobs.Similar;
import dev.mixdown.registry.experience.Suggestions;
import dev.mixdown.registry.experience.Suggestions.Suggestion;
import dev.mixdown.registry.experience.TrainingParameters;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What past jobs teach. */
public final class Experience {
  private final Site site;

  public Experience(Site site) {
    this.site = site;
  }

  /** {@code POST experience/clone-job}. */
  public Answer cloneJob(Request request) throws IOException {
    Catalog catalog = site.catalog();
    CatalogJob job = new CatalogJobs(catalog).find(request.body().path("source_job_uuid").asText());
    ClonedJob cloned =
        ClonedJob.of(
            job,
            catalog.job(job.uuid()).orElseThrow(),
            Overrides.of(Recipes.mapping("overrides", request.object("overrides"))),
            site.clock().instant());
    ObjectNode config = cloned.config();
    request.said("new_name").ifPresent(name -> config.put("name", name));
    request.said("new_description").ifPresent(text -> config.put("description", text));
    ObjectNode document = Json.object();
    document.set("config", config);
    document.put("source_job_uuid", job.uuid()).put("source_job_name", job.name());
    document.set("warnings", Json.tree(cloned.notes()));
    return Answer.of(document);
  }

  /** {@code GET experience/recommend-recipes}. */
  public Answer recommend(Request request) {
    return recommend(
        request.text("task_type"),
        request.text("algorithm"),
        request.number("min_success_count"),
        request.number("limit"));
  }

  /** {@code POST experience/recommend-recipes}. */
  public Answer postRecommend(Request request) {
    return recommend(
        request.said("task_type"),
        request.said("algorithm"),
        request.said("min_success_count", 1),
        request.said("limit", 5));
  }

  private Answer recommend(
      Optional<String> taskType, Optional<String> algorithm, long leastSuccesses, long limit) {
    Optional<String> type = taskType.map(Recipes::taskType);
    RecipeLibrary library = site.holdings().recipes();
    Map<String, Found> asked = new LinkedHashMap<>();
    for (Found found : library.newest(new Problems())) {
      if (type.filter(t -> !found.recipe().taskType().word().equals(t)).isEmpty()) {
        asked.put(found.recipe().id(), found);
      }
    }
    Recommendations found =
        Recommendations.of(
            site.catalog(),
            new Recommendations.Request(
                algorithm.map(Experience::algorithm).map(Algorithm::word).orElse(null),
                asked.keySet(),
                library.ids(),
                leastSuccesses,
                Math.toIntExact(limit),
                site.staleSince()));
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("recommendations");
    for (Tally tally : found.recipes()) {
      ObjectNode one = list.addObject().put("recipe_id", tally.recipe());
      Found recipe = asked.get(tally.recipe());
      one.put("recipe_name", tally.recipe());
      one.put("description", recipe == null ? "" : recipe.recipe().description());
      one.put("algorithm", recipe == null ? "" : recipe.recipe().algorithm().word());
      one.set("success_rate", Numbers.json(Numbers.mean(tally.successRate())));
      one.set("success_low", Numbers.json(Numbers.mean(tally.successLow())));
      one.put("total_jobs", tally.total()).put("completed_jobs", tally.completed());
      one.put("failed_jobs", tally.failed()).put("cancelled_jobs", tally.cancelled());
      one.put("stale_jobs", tally.stale());
      put(one, "avg_learning_rate", tally.learningRate());
      put(one, "avg_batch_size", tally.batchSize());
    }
    document.set("notes", Json.tree(found.emptiness().stream().toList()));
    return Answer.of(document);
  }

  private static void put(ObjectNode json, String name, OptionalDouble value) {
    put(json, name, value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty());
  }

  private static void put(ObjectNode json, String name, Optional<Double> value) {
    json.set(name, value.map(Numbers::json).orElse(Json.tree(null)));
  }

  /** An algorithm that there is. */
  private static Algorithm algorithm(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return Algorithm.of(lower)
        .orElseThrow(
            () ->
                HttpProblem.of(
                    400,
                    "the algorithm \"%s\" is not known%s"
                        .formatted(word, DidYouMean.hint(lower, Algorithm.words()))));
  }

  /** {@code POST experience/best-practices}. */
  public Answer bestPractices(Request request) throws IOException {
    BestPractices best = best(request, (int) request.said("top_k", 3));
    ObjectNode document = Json.object().put("recipe_id", best.recipe());
    document.put("metric", best.metric()).put("direction", best.direction().word());
    document.set("best_practices", practices(best));
    document.set("notes", Json.tree(notes(request, best)));
    return Answer.of(document);
  }

  private BestPractices best(Request request, int limit) throws IOException {
    String metric = request.said("metric").orElse("reward_mean");
    Direction direction =
        request
            .said("direction")
            .map(word -> Direction.valueOf(word.toUpperCase(Locale.ROOT)))
            .or(() -> MetricDirections.standard().of(metric))
            .orElse(Direction.HIGHER);
    return BestPractices.of(
        site.catalog(),
        new BestPractices.Request(
            request.body().path("recipe_id").asText(), metric, direction, false, limit, null));
  }

  private static List<String> notes(Request request, BestPractices best) {
    List<String> notes = new ArrayList<>();
    if (request.said("direction").isEmpty()
        && MetricDirections.standard().of(best.metric()).isEmpty()) {
      notes.add(
          "whether %s is better when it is higher or lower is not known: higher was taken; set direction"
              .formatted(best.metric()));
    }
    if (!best.leftOut().isEmpty()) {
      notes.add("left out: " + String.join(", ", best.leftOut()));
    }
    return notes;
  }

  private static ArrayNode practices(BestPractices best) {
    ArrayNode list = Json.array();
    for (Practice practice : best.best()) {
      CatalogJob job = practice.job();
      ObjectNode one = list.addObject().put("job_uuid", job.uuid()).put("job_name", job.name());
      one.set("metric_value", Numbers.json(practice.value()));
      for (String column :
          List.of(
              Parameters.LEARNING_RATE,
              Parameters.BATCH_SIZE,
              Parameters.NUM_EPOCHS,
              Parameters.KL_COEF,
              Parameters.LORA_RANK)) {
        put(one, column, job.number(column));
      }
      one.set("config", practice.config().config());
      one.put("created_at", PlatformTime.of(job.createdAt()));
    }
    return list;
  }

  /** {@code POST experience/suggest-adjustments}. */
  public Answer suggest(Request request) throws IOException {
    TrainingParameters current =
        TrainingParameters.of(
            Recipes.mapping("current_config", request.object("current_config")), Optional.empty());
    BestPractices best = best(request, Suggestions.JOBS);
    Suggestions suggestions =
        Suggestions.of(current, best, (int) request.said("min_jobs", Suggestions.JOBS));
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("suggestions");
    for (Suggestion suggestion : suggestions.suggestions()) {
      list.addObject()
          .put("parameter", suggestion.parameter())
          .put(
              "current_value",
              suggestion.current() == null ? "None" : Numbers.text(suggestion.current()))
          .put("suggested_value", Numbers.text(suggestion.suggested()))
          .put("reason", suggestion.reason())
          .set("jobs", Json.tree(suggestion.jobs()));
    }
    document.set("best_practices", practices(best));
    List<String> notes = notes(request, best);
    suggestions.refused().ifPresent(why -> notes.add("nothing is suggested: " + why));
    document.set("notes", Json.tree(notes));
    return Answer.of(document);
  }

  /** {@code POST experience/find-similar}. */
  public Answer similar(Request request) {
    Optional<Algorithm> only = request.said("algorithm").map(Experience::algorithm);
    SimilarJobs similar =
        SimilarJobs.of(
            site.catalog(),
            TrainingParameters.of(
                Recipes.mapping("reference_config", request.object("reference_config")), only),
            only.orElse(null),
            (int) request.said("limit", 5));
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("similar_jobs");
    for (Similar one : similar.jobs()) {
      CatalogJob job = one.job();
      ObjectNode json = list.addObject().put("job_uuid", job.uuid()).put("job_name", job.name());
      json.put("algorithm", job.algorithm()).put("recipe_id", job.recipe());
      json.set("similarity_score", Numbers.json(Numbers.mean(one.similarity())));
      json.set("distance", Numbers.json(Numbers.mean(1 - one.similarity())));
      put(json, Parameters.LEARNING_RATE, job.number(Parameters.LEARNING_RATE));
      put(json, Parameters.BATCH_SIZE, job.number(Parameters.BATCH_SIZE));
      put(json, Parameters.KL_COEF, job.number(Parameters.KL_COEF));
      json.put("created_at", PlatformTime.of(job.createdAt()));
      json.set("differing", Json.tree(one.differing()));
    }
    return Answer.of(document.put("compared_jobs", similar.compared()));
  }
}
