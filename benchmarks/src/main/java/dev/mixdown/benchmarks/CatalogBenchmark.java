package dev.mixdown.benchmarks;

import dev.mixdown.benchmarks.Bench.Run;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A training platform's database comes in, and answers: in SQLite and in PostgreSQL, beside the
 * same questions in plain SQL.
 */
final class CatalogBenchmark {
  private static final List<String> RECIPES =
      List.of(
          "sft_basic",
          "grpo_basic",
          "dpo_basic",
          "ppo_classic",
          "math_reasoning_grpo",
          "grpo_large_scale",
          "general_chat_sft",
          "sft_large_scale");
  private static final List<String> ALGORITHMS =
      List.of("SFT", "GRPO", "DPO", "PPO", "GRPO", "GRPO", "SFT", "SFT");

  /** What the heap of a question may be. */
  private static final String HEAP = "-Xmx100m";

  /** What each question is in SQL, for those who have sqlite3 alone. */
  private static final Map<String, String> SQL = sql();

  private CatalogBenchmark() {}

  private static Map<String, String> sql() {
    Map<String, String> sql = new LinkedHashMap<>();
    sql.put(
        "recommend",
        "SELECT json_extract(config, '$.recipe') AS r, count(*), sum(status = 'COMPLETED'),"
            + " sum(status = 'FAILED'), avg(CASE WHEN status = 'COMPLETED' THEN learning_rate END)"
            + " FROM training_jobs GROUP BY r");
    sql.put(
        "best-practices",
        "SELECT j.uuid, max(m.reward_mean) AS v FROM training_jobs j JOIN training_metrics m ON"
            + " m.job_uuid = j.uuid WHERE j.status = 'COMPLETED' AND json_extract(j.config,"
            + " '$.recipe') = 'grpo_basic' GROUP BY j.uuid ORDER BY v DESC LIMIT 3");
    sql.put(
        "similar",
        "SELECT uuid, abs(ln(learning_rate) - ln(1e-5)) / 7 + abs(ln(batch_size) - ln(64)) / 2 AS d"
            + " FROM training_jobs WHERE status = 'COMPLETED' ORDER BY d LIMIT 5");
    sql.put(
        "cost",
        "SELECT avg(num_gpus * (julianday(completed_at) - julianday(started_at)) * 24) FROM"
            + " training_jobs WHERE status IN ('COMPLETED', 'FAILED') AND json_extract(config,"
            + " '$.recipe') = 'grpo_basic' AND model_path LIKE '%7B'");
    return sql;
  }

  static String run(Bench bench) throws Exception {
    int jobs = (int) bench.size(100_000, 500);
    int metrics = (int) bench.size(1_000_000, 2_000);
    Path work = bench.work().resolve(bench.quick() ? "catalog-quick" : "catalog");
    Bench.remove(work);
    Files.createDirectories(work);
    Path platform = work.resolve("platform.db");
    make(platform, jobs, metrics);
    Path config = work.resolve("config.json");
    Files.writeString(
        config, "{\"algorithm\": \"grpo\", \"learning_rate\": 1e-5, \"batch_size\": 64}");

    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("what", "SQLite", "PostgreSQL", "ratio", "sqlite3, plain SQL"));
    Place sqlite = new Place(work.resolve("a"), work.resolve("catalog.db").toString());
    if (bench.quick()) {
      // A server takes longer to start than all the rest.
      measure(bench, work, platform, config, List.of(sqlite), rows);
    } else {
      try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
        String address =
            "jdbc:postgresql://postgres:postgres@localhost:" + server.getPort() + "/postgres";
        Place postgresql = new Place(work.resolve("b"), address);
        measure(bench, work, platform, config, List.of(sqlite, postgresql), rows);
      }
    }
    return """
    ## Past jobs

    A platform's database of %,d jobs and %,d metrics; whole processes, questions with a heap of %s. A question's time
    is that beyond the same question where there are no jobs, which is the start of Java, the catalog and what else it needs. Plain
    SQL is asked of the platform's own tables with sqlite3.

    %s"""
        .formatted(jobs, metrics, HEAP, Bench.table(rows));
  }

  private static void measure(
      Bench bench,
      Path work,
      Path platform,
      Path config,
      List<Place> places,
      List<List<String>> rows)
      throws Exception {
    rows.add(
        row("import", places, place -> place.run(bench, "", "catalog", "import", platform), ""));
    rows.add(row("rebuild", places, place -> place.run(bench, "", "catalog", "rebuild"), ""));
    Place empty = new Place(work.resolve("empty"), work.resolve("empty.db").toString());
    empty.run(bench, "", "catalog", "refresh");
    for (Map.Entry<String, Object[]> question : questions(bench, config).entrySet()) {
      double start = median(bench, empty, alike(question.getValue()));
      rows.add(
          row(
              question.getKey() + ", beyond start",
              places,
              place -> median(bench, place, question.getValue()) - start,
              plain(platform, SQL.get(question.getKey()))));
    }
  }

  /** A registry and its catalog. */
  private record Place(Path folder, String catalog) {
    double run(Bench bench, String options, Object... command) throws Exception {
      List<Object> all = new ArrayList<>(List.of(command));
      Files.createDirectories(folder);
      all.addAll(
          List.of("--registry", folder, "--workspace", folder.resolve("w"), "--catalog", catalog));
      Run run = bench.mixdown(options, all.toArray());
      return run.seconds();
    }
  }

  /** What is measured of a place, in seconds. */
  private interface Measure {
    double of(Place place) throws Exception;
  }

  private static List<String> row(String name, List<Place> places, Measure measure, String plain)
      throws Exception {
    double sqlite = measure.of(places.get(0));
    if (places.size() == 1) {
      return List.of(name, Bench.seconds(sqlite), "", "", plain);
    }
    double postgresql = measure.of(places.get(1));
    return List.of(
        name,
        Bench.seconds(sqlite),
        Bench.seconds(postgresql),
        sqlite > 0.01 ? Bench.ratio(postgresql / sqlite) : "",
        plain);
  }

  private static Map<String, Object[]> questions(Bench bench, Path config) {
    Map<String, Object[]> questions = new LinkedHashMap<>();
    questions.put("recommend", command("recommend"));
    if (bench.quick()) {
      return questions;
    }
    questions.put(
        "best-practices", command("best-practices", "grpo_basic", "--metric", "reward_mean"));
    questions.put(
        "suggest", command("suggest", "grpo_basic", "--metric", "reward_mean", "--config", config));
    questions.put("similar", command("similar", "--config", config));
    questions.put("cost", command("cost", "grpo_basic", "--model-size", "7B", "--gpus", "8"));
    questions.put("clone", command("clone", "00000001"));
    return questions;
  }

  private static Object[] command(Object... words) {
    List<Object> all = new ArrayList<>(List.of("experience"));
    all.addAll(List.of(words));
    return all.toArray();
  }

  /**
   * The same where there are no jobs; what has no answer then is an error, and so others are asked.
   */
  private static Object[] alike(Object[] question) {
    return List.of("cost", "clone").contains(question[1])
        ? command("best-practices", "grpo_basic", "--metric", "reward_mean")
        : question;
  }

  private static double median(Bench bench, Place place, Object[] question) throws Exception {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < bench.rounds(); i++) {
      times.add(place.run(bench, HEAP, question));
    }
    return Bench.median(times);
  }

  private static String plain(Path platform, String sql) {
    if (sql == null) {
      return "";
    }
    try {
      return Bench.seconds(
          Bench.shell("sqlite3 '%s' \"%s\" > /dev/null".formatted(platform, sql)).seconds());
    } catch (Exception e) {
      return "no sqlite3";
    }
  }

  /** Makes a platform's database. */
  static void make(Path file, int jobs, int metrics) throws SQLException {
    Random random = new Random(7);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "CREATE TABLE training_jobs (id INTEGER NOT NULL PRIMARY KEY, uuid VARCHAR NOT NULL, name"
              + " VARCHAR NOT NULL, status VARCHAR(9) NOT NULL, algorithm VARCHAR(4) NOT NULL,"
              + " model_path VARCHAR NOT NULL, lora_enabled BOOLEAN NOT NULL, lora_rank INTEGER NOT"
              + " NULL, train_data_path VARCHAR NOT NULL, config JSON, num_gpus INTEGER NOT NULL,"
              + " gpu_type VARCHAR NOT NULL, learning_rate FLOAT NOT NULL, batch_size INTEGER NOT"
              + " NULL, num_epochs INTEGER NOT NULL, context_length INTEGER NOT NULL, kl_coef FLOAT"
              + " NOT NULL, rollout_n INTEGER NOT NULL, current_step INTEGER NOT NULL,"
              + " current_epoch INTEGER NOT NULL, created_at DATETIME NOT NULL, started_at"
              + " DATETIME, completed_at DATETIME, updated_at DATETIME NOT NULL)");
      statement.execute("CREATE UNIQUE INDEX ix_training_jobs_uuid ON training_jobs (uuid)");
      statement.execute(
          "CREATE TABLE training_metrics (id INTEGER NOT NULL PRIMARY KEY, job_uuid VARCHAR NOT"
              + " NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL, policy_loss FLOAT,"
              + " total_loss FLOAT, reward_mean FLOAT, kl_divergence FLOAT, learning_rate FLOAT,"
              + " extra_metrics JSON, timestamp DATETIME NOT NULL)");
      statement.execute("CREATE INDEX ix_training_metrics_job_uuid ON training_metrics (job_uuid)");
      try (PreparedStatement job =
              connection.prepareStatement(
                  "INSERT INTO training_jobs VALUES (?,?,?,?,?,?,1,8,?,?,8,'A100',?,?,?,2048,0.02,8,"
                      + "500,1,?,?,?,?)");
          PreparedStatement metric =
              connection.prepareStatement(
                  "INSERT INTO training_metrics VALUES (?,?,?,0,?,?,?,0.01,1e-6,?,?)")) {
        fill(job, metric, jobs, metrics, random);
      }
      connection.commit();
    }
  }

  private static void fill(
      PreparedStatement job, PreparedStatement metric, int jobs, int metrics, Random random)
      throws SQLException {
    int perJob = metrics / jobs;
    int number = 0;
    for (int i = 0; i < jobs; i++) {
      int recipe = random.nextInt(RECIPES.size());
      String uuid = "%08x".formatted(i);
      String status =
          List.of("COMPLETED", "COMPLETED", "COMPLETED", "FAILED", "RUNNING")
              .get(random.nextInt(5));
      String begin =
          "2026-%02d-%02d %02d:00:00.123456"
              .formatted(1 + random.nextInt(9), 1 + random.nextInt(28), random.nextInt(12));
      String end = begin.replaceFirst(" (\\d)(\\d):", " 2$2:").replaceFirst(" 2[4-9]", " 23");
      Object[] values = {
        i + 1,
        uuid,
        RECIPES.get(recipe) + "-" + i,
        status,
        ALGORITHMS.get(recipe),
        "/models/base-" + List.of("7B", "13B", "70B").get(random.nextInt(3)),
        "/data/d%d.jsonl".formatted(random.nextInt(20)),
        "{\"recipe\": \"%s\", \"optimizer\": {\"weight_decay\": 0.01}, \"seed\": %d}"
            .formatted(RECIPES.get(recipe), i),
        Math.pow(10, -7 + 3 * random.nextDouble()),
        64 << random.nextInt(4),
        1 + random.nextInt(3),
        begin,
        begin,
        end,
        end
      };
      for (int v = 0; v < values.length; v++) {
        job.setObject(v + 1, values[v]);
      }
      job.addBatch();
      for (int m = 0; m < perJob; m++) {
        Object[] measured = {
          ++number,
          uuid,
          m * 100,
          random.nextDouble(),
          random.nextDouble(),
          random.nextDouble(),
          "{\"accuracy\": %.4f}".formatted(random.nextDouble()),
          begin
        };
        for (int v = 0; v < measured.length; v++) {
          metric.setObject(v + 1, measured[v]);
        }
        metric.addBatch();
      }
      if (i % 1000 == 999 || i == jobs - 1) {
        job.executeBatch();
        metric.executeBatch();
      }
    }
  }
}
