package dev.mixdown.registry.experience;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.Numbers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Which recipes have worked. A recipe is ranked by what is sure of its success rate ({@link
 * Wilson}), so that one of one does not come before 92 of 100.
 *
 * @param recipes the best first
 * @param completed how many jobs of any recipe were completed
 * @param uncounted jobs whose status or algorithm nobody knows: they count nowhere
 * @param unknownRecipes recipes of jobs that nobody knows: they are left out
 * @param stale running jobs that were not heard of
 */
public record Recommendations(
    List<Tally> recipes,
    long completed,
    List<String> uncounted,
    List<String> unknownRecipes,
    List<String> stale) {
  private static final int MOST_NAMED = 1000;

  /**
   * How a recipe's jobs fared.
   *
   * @param total all of them
   * @param stale running ones that were not heard of for long; they count as neither completed nor
   *     failed
   * @param learningRate the arithmetic mean over completed jobs
   * @param typicalLearningRate the geometric one, over rates above 0
   */
  public record Tally(
      String recipe,
      long total,
      long completed,
      long failed,
      long cancelled,
      long stale,
      OptionalDouble learningRate,
      OptionalDouble typicalLearningRate,
      OptionalDouble batchSize) {
    /** The share of completed ones among those that ended, in percent; 0 where none has. */
    public double successRate() {
      long ended = completed + failed;
      return ended == 0 ? 0 : 100.0 * completed / ended;
    }

    /** What is sure of the success rate, in percent. */
    public double successLow() {
      return 100 * Wilson.low(completed, completed + failed);
    }

    private ObjectNode json() {
      ObjectNode json = Json.object().put("recipe", recipe);
      json.put("total_jobs", total);
      json.put("completed_jobs", completed);
      json.put("failed_jobs", failed);
      json.put("cancelled_jobs", cancelled);
      json.put("stale_jobs", stale);
      json.set("success_rate", Numbers.json(Numbers.mean(successRate())));
      json.set("success_low", Numbers.json(Numbers.mean(successLow())));
      put(json, "avg_learning_rate", learningRate);
      put(json, "geometric_learning_rate", typicalLearningRate);
      put(json, "avg_batch_size", batchSize);
      return json;
    }

    private static void put(ObjectNode json, String name, OptionalDouble value) {
      if (value.isPresent()) {
        json.set(name, Numbers.json(value.getAsDouble()));
      } else {
        json.putNull(name);
      }
    }
  }

  /**
   * What is asked.
   *
   * @param algorithm only jobs of this one
   * @param recipes those that are known, and of the kind that is asked for
   * @param known all that are known
   * @param leastSuccesses how many completed jobs a recipe needs
   * @param limit how many recipes at most
   * @param since before when a running job that was not heard of is stale
   */
  public record Request(
      @Nullable String algorithm,
      Set<String> recipes,
      Set<String> known,
      long leastSuccesses,
      int limit,
      String since) {}

  private static final Comparator<Tally> BEST =
      Comparator.comparingDouble(Tally::successLow)
          .thenComparingLong(Tally::completed)
          .reversed()
          .thenComparing(Tally::recipe);

  /** Asks a catalog. */
  public static Recommendations of(Catalog catalog, Request request) {
    List<Tally> all = tallies(catalog, request);
    List<Tally> best =
        all.stream()
            .filter(tally -> request.recipes().contains(tally.recipe()))
            .filter(tally -> tally.completed() >= request.leastSuccesses())
            .sorted(BEST)
            .limit(request.limit())
            .toList();
    CatalogJobs jobs = new CatalogJobs(catalog);
    List<String> unknown =
        all.stream().map(Tally::recipe).filter(r -> !request.known().contains(r)).sorted().toList();
    return new Recommendations(
        best,
        all.stream().mapToLong(Tally::completed).sum(),
        jobs.uncounted().stream().limit(MOST_NAMED).toList(),
        unknown,
        jobs.uuids(
            new CatalogJobs.Filter(
                CatalogJobs.Filter.STALE,
                request.algorithm(),
                null,
                request.since(),
                0,
                MOST_NAMED)));
  }

  private static List<Tally> tallies(Catalog catalog, Request request) {
    String sql =
        """
        SELECT recipe, count(*),
          sum(CASE WHEN status = 'completed' THEN 1 ELSE 0 END),
          sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END),
          sum(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END),
          sum(CASE WHEN status = 'running' AND (last_seen IS NULL OR last_seen < :since)
            THEN 1 ELSE 0 END),
          avg(CASE WHEN status = 'completed' THEN learning_rate END),
          avg(CASE WHEN status = 'completed' AND learning_rate > 0 THEN ln(learning_rate) END),
          avg(CASE WHEN status = 'completed' THEN batch_size END)
        FROM mixdown_jobs
        WHERE recipe IS NOT NULL AND status IS NOT NULL AND algorithm IS NOT NULL
        """
            + (request.algorithm() == null ? "" : " AND algorithm = :algorithm")
            + " GROUP BY recipe";
    return catalog
        .database()
        .read(
            handle -> {
              Query query = handle.createQuery(sql).bind("since", request.since());
              if (request.algorithm() != null) {
                query.bind("algorithm", request.algorithm());
              }
              return query.map((row, context) -> tally(row)).list();
            });
  }

  private static Tally tally(ResultSet row) throws SQLException {
    return new Tally(
        row.getString(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        mean(row, 7, false),
        mean(row, 8, true),
        mean(row, 9, false));
  }

  private static OptionalDouble mean(ResultSet row, int column, boolean logarithm)
      throws SQLException {
    double mean = row.getDouble(column);
    return row.wasNull()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Numbers.mean(logarithm ? Math.exp(mean) : mean));
  }

  /** Why there is nothing, where there is nothing. */
  public Optional<String> emptiness() {
    if (!recipes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        completed == 0
            ? "no job of any recipe has been completed, so nothing can be recommended"
            : "no known recipe has enough completed jobs; lower --min-success-count, or ask for"
                + " another task type or algorithm");
  }

  /** The document that {@code experience recommend --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("recommendations");
    recipes.forEach(tally -> list.add(tally.json()));
    document.set("stale_jobs", Json.tree(stale));
    document.set("uncounted_jobs", Json.tree(uncounted));
    document.set("unknown_recipes", Json.tree(unknownRecipes));
    List<ObjectNode> notes = new ArrayList<>();
    emptiness().ifPresent(text -> notes.add(Json.object().put("message", text)));
    document.set("notes", Json.tree(notes));
    return document;
  }
}
