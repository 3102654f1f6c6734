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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

  /** A parameter that is compared, and its column. */
  private record Term(String column, Scale scale) {}

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

  /** A job that is compared; what it lacks is NaN. */
  private record Candidate(
      String uuid, String created, @Nullable String algorithm, double[] values) {}

  /**
   * Asks a catalog.
   *
   * @param algorithm only jobs of this one; null for all
   * @param limit how many jobs at most
   */
  public static SimilarJobs of(
      Catalog catalog, TrainingParameters config, @Nullable Algorithm algorithm, int limit) {
    List<Candidate> candidates = candidates(catalog, algorithm);
    double[] reference = reference(config);
    double[] ranges = ranges(candidates);
    String trained = config.algorithm().map(Algorithm::word).orElse(null);
    double[] similarities = new double[candidates.size()];
    for (int i = 0; i < similarities.length; i++) {
      similarities[i] = similarity(distances(candidates.get(i), reference, ranges, trained));
    }
    List<Integer> order = best(candidates, similarities, limit);
    CatalogJobs jobs = new CatalogJobs(catalog);
    List<Similar> similar = new ArrayList<>();
    for (int i : order) {
      Candidate candidate = candidates.get(i);
      similar.add(
          new Similar(
              jobs.find(candidate.uuid()),
              similarities[i],
              differing(candidate, reference, ranges, trained)));
    }
    return new SimilarJobs(similar, candidates.size());
  }

  private static List<Candidate> candidates(Catalog catalog, @Nullable Algorithm algorithm) {
    String columns = String.join(", ", TERMS.stream().map(Term::column).toList());
    String sql =
        "SELECT uuid, created_at, algorithm, "
            + columns
            + " FROM mixdown_jobs WHERE status = 'completed' AND algorithm IS NOT NULL"
            + (algorithm == null ? "" : " AND algorithm = '" + algorithm.word() + "'");
    return catalog
        .database()
        .read(handle -> handle.createQuery(sql).map((row, context) -> candidate(row)).list());
  }

  private static Candidate candidate(ResultSet row) throws SQLException {
    String algorithm = row.getString(3);
    Optional<Algorithm> trained = algorithm == null ? Optional.empty() : Algorithm.of(algorithm);
    double[] values = new double[TERMS.size()];
    for (int i = 0; i < values.length; i++) {
      double value = row.getDouble(4 + i);
      values[i] = row.wasNull() ? Double.NaN : scaled(TERMS.get(i), value, trained);
    }
    // The rank of a LoRA that is off says nothing.
    if (values[7] == 0) {
      values[8] = Double.NaN;
    }
    String created = row.getString(2);
    return new Candidate(row.getString(1), created == null ? "" : created, algorithm, values);
  }

  private static double scaled(Term term, double value, Optional<Algorithm> algorithm) {
    boolean used =
        algorithm
            .flatMap(a -> Parameters.standard().find(term.column()).map(p -> isUsed(p, a)))
            .orElse(true);
    if (!used) {
      return Double.NaN;
    }
    if (term.scale() == Scale.LOGARITHMIC) {
      return value > 0 ? Math.log(value) : Double.NaN;
    }
    return value;
  }

  private static boolean isUsed(Parameter parameter, Algorithm algorithm) {
    return parameter.isUsedBy(algorithm);
  }

  private static double[] reference(TrainingParameters config) {
    double[] values = new double[TERMS.size()];
    for (int i = 0; i < values.length; i++) {
      Double value = config.numbers().get(TERMS.get(i).column());
      values[i] = value == null ? Double.NaN : scaled(TERMS.get(i), value, config.algorithm());
    }
    return values;
  }

  private static double[] ranges(List<Candidate> candidates) {
    double[] least = new double[TERMS.size()];
    double[] most = new double[TERMS.size()];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (Candidate candidate : candidates) {
      for (int i = 0; i < least.length; i++) {
        double value = candidate.values()[i];
        if (!Double.isNaN(value)) {
          least[i] = Math.min(least[i], value);
          most[i] = Math.max(most[i], value);
        }
      }
    }
    double[] ranges = new double[least.length];
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = most[i] - least[i];
    }
    return ranges;
  }

  /** Each term's distance, from 0 to 1; the last is the algorithm's. NaN where it is left out. */
  private static double[] distances(
      Candidate candidate, double[] reference, double[] ranges, @Nullable String algorithm) {
    double[] distances = new double[TERMS.size() + 1];
    for (int i = 0; i < TERMS.size(); i++) {
      double apart = Math.abs(candidate.values()[i] - reference[i]);
      if (TERMS.get(i).scale() == Scale.SAME || !(ranges[i] > 0)) {
        distances[i] = Double.isNaN(apart) ? Double.NaN : apart == 0 ? 0 : 1;
      } else {
        // A config may lie outside of the range of all jobs.
        distances[i] = Double.isNaN(apart) ? Double.NaN : Math.min(1, apart / ranges[i]);
      }
    }
    distances[TERMS.size()] =
        algorithm == null ? Double.NaN : algorithm.equals(candidate.algorithm()) ? 0 : 1;
    return distances;
  }

  private static double similarity(double[] distances) {
    double sum = 0;
    int terms = 0;
    for (double distance : distances) {
      if (!Double.isNaN(distance)) {
        sum += distance;
        terms++;
      }
    }
    return terms == 0 ? 0 : 1 - sum / terms;
  }

  /** The most similar; of equally similar ones the newest. */
  private static List<Integer> best(List<Candidate> candidates, double[] similarities, int limit) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < similarities.length; i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparingDouble((Integer i) -> -similarities[i])
            .thenComparing(i -> candidates.get(i).created(), Comparator.reverseOrder())
            .thenComparing(i -> candidates.get(i).uuid()));
    return order.subList(0, Math.min(limit, order.size()));
  }

  private static List<Differing> differing(
      Candidate candidate, double[] reference, double[] ranges, @Nullable String algorithm) {
    double[] distances = distances(candidate, reference, ranges, algorithm);
    List<Differing> terms = new ArrayList<>();
    for (int i = 0; i < TERMS.size(); i++) {
      if (distances[i] > 0) {
        terms.add(
            new Differing(
                TERMS.get(i).column(),
                shown(i, reference[i]),
                shown(i, candidate.values()[i]),
                Numbers.mean(distances[i])));
      }
    }
    if (distances[TERMS.size()] > 0) {
      terms.add(
          new Differing(
              "algorithm", String.valueOf(algorithm), String.valueOf(candidate.algorithm()), 1));
    }
    return terms.stream()
        .sorted(
            Comparator.comparingDouble(Differing::distance)
                .reversed()
                .thenComparing(Differing::parameter))
        .limit(MOST_DIFFERING)
        .toList();
  }

  private static String shown(int term, double value) {
    return Numbers.text(
        TERMS.get(term).scale() == Scale.LOGARITHMIC ? Numbers.mean(Math.exp(value)) : value);
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
