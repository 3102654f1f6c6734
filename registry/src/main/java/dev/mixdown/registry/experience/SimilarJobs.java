package dev.mixdown.registry.experience;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.Algorithm;
import dev.mixdown.recipes.Parameter;
import dev.mixdown.recipes.Parameters;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJob;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.databases.Dialect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Completed jobs by how similar they are to a config: Gower's similarity (J. C. Gower, "A general
 * coefficient of similarity and some of its properties", Biometrics 27, 1971). Each parameter is a
 * term from 0 to 1: numbers by their distance as a share of the range among the jobs that are
 * compared, rates, batches and steps by their logarithms; what is one thing or another by whether
 * it is the same. A value that either side lacks leaves its term out.
 *
 * @param jobs the most similar first
 * @param compared how many completed jobs there are
 */
public record SimilarJobs(List<Similar> jobs, long compared) {
  /** How a number is compared. */
  private enum Scale {
    LINEAR,
    LOGARITHMIC,
    SAME
  }

  /** Values that differ by less are the same. */
  private static final double SAME = 1e-9;

  /** A parameter that is compared, by its column. */
  private record Term(String column, Scale scale) {
    /** Whether a job has it, as SQL: rates above 0, and only what its algorithm uses. */
    String valid() {
      List<String> conditions = new ArrayList<>(List.of(column + " IS NOT NULL"));
      if (scale == Scale.LOGARITHMIC) {
        conditions.add(column + " > 0");
      }
      if (!algorithms().isEmpty()) {
        conditions.add(
            algorithms().stream()
                .map(a -> "'" + a.word() + "'")
                .sorted()
                .collect(Collectors.joining(", ", "algorithm IN (", ")")));
      }
      if (column.equals(Parameters.LORA_RANK)) {
        // The rank of a LoRA that is off says nothing.
        conditions.add("(lora_enabled IS NULL OR lora_enabled <> 0)");
      }
      return String.join(" AND ", conditions);
    }

    /** The same, of a job that was read. */
    boolean isOf(CatalogJob job) {
      boolean used =
          algorithms().isEmpty()
              || algorithms().stream().anyMatch(a -> a.word().equals(job.algorithm()));
      boolean off =
          column.equals(Parameters.LORA_RANK)
              && job.number(Parameters.LORA_ENABLED).equals(Optional.of(0.0));
      return used && !off;
    }

    private Set<Algorithm> algorithms() {
      return Parameters.standard().find(column).map(Parameter::algorithms).orElse(Set.of());
    }

    /** How far apart the least and the most are. */
    double range(double least, double most) {
      return scaled(most).orElse(0.0) - scaled(least).orElse(0.0);
    }

    String value() {
      return scale == Scale.LOGARITHMIC ? "ln(" + column + ")" : column;
    }

    Optional<Double> scaled(@Nullable Double value) {
      if (value == null || !Double.isFinite(value)) {
        return Optional.empty();
      }
      if (scale == Scale.LOGARITHMIC) {
        return value > 0 ? Optional.of(Math.log(value)) : Optional.empty();
      }
      return Optional.of(value);
    }
  }

  private static final List<Term> TERMS =
      List.of(
          new Term(Parameters.LEARNING_RATE, Scale.LOGARITHMIC),
          new Term(Parameters.BATCH_SIZE, Scale.LOGARITHMIC),
          new Term(Parameters.NUM_EPOCHS, Scale.LINEAR),
          new Term(Parameters.MAX_STEPS, Scale.LOGARITHMIC),
          new Term(Parameters.CONTEXT_LENGTH, Scale.LOGARITHMIC),
          new Term(Parameters.KL_COEF, Scale.LINEAR),
          new Term(Parameters.ROLLOUT_N, Scale.LINEAR),
          new Term(Parameters.LORA_ENABLED, Scale.SAME),
          new Term(Parameters.LORA_RANK, Scale.LINEAR),
          new Term(Parameters.NUM_GPUS, Scale.LOGARITHMIC));

  private static final int MOST_DIFFERING = 3;

  /**
   * A job.
   *
   * @param similarity from 0 to 1
   * @param differing the terms that differ most
   */
  public record Similar(CatalogJob job, double similarity, List<Differing> differing) {
    private ObjectNode json() {
      ObjectNode json = Json.object();
      json.put("uuid", job.uuid());
      json.put("name", job.name());
      json.put("algorithm", job.algorithm());
      json.put("recipe", job.recipe());
      json.set("similarity", Numbers.json(Numbers.mean(similarity)));
      json.set("distance", Numbers.json(Numbers.mean(1 - similarity)));
      job.numbers().forEach((column, value) -> json.set(column, Numbers.json(value)));
      json.put("created_at", CatalogJob.rfc3339(job.createdAt()));
      json.set("differing", Json.tree(differing));
      return json;
    }
  }

  /**
   * A term that differs.
   *
   * @param config what the config has
   * @param job what the job has
   * @param distance from 0 to 1
   */
  public record Differing(String parameter, String config, String job, double distance) {}

  /**
   * Asks a catalog.
   *
   * @param algorithm only jobs of this one; null for all
   * @param limit how many jobs at most
   */
  public static SimilarJobs of(
      Catalog catalog, TrainingParameters config, @Nullable Algorithm algorithm, int limit) {
    String where =
        "FROM mixdown_jobs WHERE status = 'completed' AND algorithm IS NOT NULL"
            + (algorithm == null ? "" : " AND algorithm = '" + algorithm.word() + "'");
    double[] ranges = new double[TERMS.size()];
    long compared = ranges(catalog, where, ranges);
    Dialect dialect = catalog.database().dialect();
    List<Distance> distances = distances(config, ranges, dialect);
    String sum =
        distances.stream()
            .map(Distance::orNothing)
            .collect(Collectors.joining(" + ", "0.0 + ", ""));
    String count =
        distances.stream().map(Distance::counted).collect(Collectors.joining(" + ", "0.0 + ", ""));
    String sql =
        """
        WITH distances AS MATERIALIZED (SELECT uuid, created_at, %s AS total, %s AS terms %s)
        SELECT uuid, CASE WHEN terms = 0 THEN 0.0 ELSE 1.0 - total / terms END AS similarity
        FROM distances ORDER BY similarity DESC, created_at DESC, %s LIMIT %d"""
            .formatted(sum, count, where, dialect.byBytes("uuid"), limit);
    List<Found> found =
        catalog
            .database()
            .read(
                handle ->
                    handle
                        .createQuery(sql)
                        .map((row, context) -> new Found(row.getString(1), row.getDouble(2)))
                        .list());
    CatalogJobs jobs = new CatalogJobs(catalog);
    List<Similar> similar = new ArrayList<>();
    for (Found one : found) {
      CatalogJob job = jobs.exactly(one.uuid()).orElseThrow();
      similar.add(
          new Similar(
              job, Math.max(0, Math.min(1, one.similarity())), differing(job, config, ranges)));
    }
    return new SimilarJobs(similar, compared);
  }

  private record Found(String uuid, double similarity) {}

  /**
   * The distance of one term, as SQL.
   *
   * @param valid whether a job has the value
   * @param value from 0 to 1
   */
  private record Distance(String valid, String value) {
    String orNothing() {
      return "CASE WHEN %s THEN %s ELSE 0.0 END".formatted(valid, value);
    }

    String counted() {
      return "CASE WHEN %s THEN 1.0 ELSE 0.0 END".formatted(valid);
    }
  }

  /** The range of each term among the jobs that are compared; returns how many there are. */
  private static long ranges(Catalog catalog, String where, double[] ranges) {
    List<String> columns = new ArrayList<>(List.of("count(*)"));
    for (Term term : TERMS) {
      for (String end : List.of("min", "max")) {
        columns.add("%s(CASE WHEN %s THEN %s END)".formatted(end, term.valid(), term.column()));
      }
    }
    return catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery("SELECT " + String.join(", ", columns) + " " + where)
                    .map(
                        (row, context) -> {
                          for (int i = 0; i < ranges.length; i++) {
                            ranges[i] =
                                TERMS
                                    .get(i)
                                    .range(row.getDouble(2 + 2 * i), row.getDouble(3 + 2 * i));
                          }
                          return row.getLong(1);
                        })
                    .one());
  }

  private static List<Distance> distances(
      TrainingParameters config, double[] ranges, Dialect dialect) {
    List<Distance> distances = new ArrayList<>();
    for (int i = 0; i < TERMS.size(); i++) {
      Term term = TERMS.get(i);
      Optional<Double> reference = term.scaled(config.numbers().get(term.column()));
      if (reference.isEmpty()) {
        continue;
      }
      String apart = "abs(%s - (%s))".formatted(term.value(), reference.get());
      // A config may lie outside of the range of all jobs.
      String share =
          term.scale() == Scale.SAME || ranges[i] <= 0
              ? "CASE WHEN %s < 1e-9 THEN 0.0 ELSE 1.0 END".formatted(apart)
              : dialect.smaller("1.0", apart + " / " + ranges[i]);
      distances.add(new Distance(term.valid(), share));
    }
    config
        .algorithm()
        .ifPresent(
            algorithm ->
                distances.add(
                    new Distance(
                        "algorithm IS NOT NULL",
                        "CASE WHEN algorithm = '%s' THEN 0.0 ELSE 1.0 END"
                            .formatted(algorithm.word()))));
    return distances;
  }

  private static List<Differing> differing(
      CatalogJob job, TrainingParameters config, double[] ranges) {
    List<Differing> differing = new ArrayList<>();
    for (int i = 0; i < TERMS.size(); i++) {
      Term term = TERMS.get(i);
      Double ours = config.numbers().get(term.column());
      Optional<Double> reference = term.scaled(ours);
      Optional<Double> value =
          term.isOf(job) ? term.scaled(job.numbers().get(term.column())) : Optional.empty();
      if (ours == null || reference.isEmpty() || value.isEmpty()) {
        continue;
      }
      double apart = Math.abs(value.get() - reference.get());
      double distance =
          term.scale() == Scale.SAME || ranges[i] <= 0
              ? (apart < SAME ? 0 : 1)
              : Math.min(1, apart / ranges[i]);
      if (distance > 0) {
        differing.add(
            new Differing(
                term.column(),
                Numbers.text(ours),
                Numbers.text(job.number(term.column()).orElseThrow()),
                Numbers.mean(distance)));
      }
    }
    String trained = config.algorithm().map(Algorithm::word).orElse(job.algorithm());
    if (trained != null && !trained.equals(job.algorithm())) {
      differing.add(new Differing("algorithm", trained, String.valueOf(job.algorithm()), 1));
    }
    return differing.stream()
        .sorted(
            Comparator.comparingDouble(Differing::distance)
                .reversed()
                .thenComparing(Differing::parameter))
        .limit(MOST_DIFFERING)
        .toList();
  }

  /** The document that {@code experience similar --json} prints. */
  public ObjectNode json() {
    ObjectNode document = Json.object();
    ArrayNode list = document.putArray("similar_jobs");
    jobs.forEach(job -> list.add(job.json()));
    document.put("compared_jobs", compared);
    return document;
  }
}
