package dev.mixdown.registry.platform;

import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.Dialect;
import dev.mixdown.registry.databases.PostgreSql;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A training platform's database as it was before its second phase, with rows of our own. */
public final class PlatformDatabase {
  private static final List<String> RECIPES =
      List.of("sft_basic", "grpo_basic", "dpo_basic", "ppo_classic", "math_reasoning_grpo");
  private static final Map<String, String> ALGORITHMS =
      Map.of(
          "sft_basic", "SFT",
          "grpo_basic", "GRPO",
          "dpo_basic", "DPO",
          "ppo_classic", "PPO",
          "math_reasoning_grpo", "GRPO");

  private final DatabaseAddress address;
  private Database opened;

  private PlatformDatabase(DatabaseAddress address) {
    this.address = address;
  }

  /** An empty one in a file. */
  public static PlatformDatabase sqlite(Path file) {
    return made(DatabaseAddress.of(file.toString(), Optional.empty()));
  }

  /** One that is there. */
  public static PlatformDatabase at(String file) {
    return new PlatformDatabase(DatabaseAddress.of(file, Optional.empty()));
  }

  /** An empty one in PostgreSQL, with enumerated types, as SQLAlchemy makes it. */
  public static PlatformDatabase postgresql() {
    return made(PostgreSql.address());
  }

  private static PlatformDatabase made(DatabaseAddress address) {
    PlatformDatabase database = new PlatformDatabase(address);
    boolean sqlite = address.dialect() == Dialect.SQLITE;
    if (!sqlite) {
      database.execute(
          "CREATE TYPE jobstatus AS ENUM ('PENDING', 'QUEUED', 'RUNNING', 'PAUSED', 'COMPLETED',"
              + " 'FAILED', 'CANCELLED')");
      database.execute("CREATE TYPE trainingalgorithm AS ENUM ('SFT','PPO','GRPO','DPO','GSPO')");
    }
    String key = sqlite ? "INTEGER NOT NULL" : "SERIAL NOT NULL";
    String real = sqlite ? "FLOAT" : "DOUBLE PRECISION";
    String time = sqlite ? "DATETIME" : "TIMESTAMP WITHOUT TIME ZONE";
    database.execute(
        """
        CREATE TABLE training_jobs (id %s, uuid VARCHAR NOT NULL, name VARCHAR NOT NULL,
          description VARCHAR, status %s NOT NULL, algorithm %s NOT NULL,
          model_path VARCHAR NOT NULL, lora_enabled BOOLEAN NOT NULL, lora_rank INTEGER NOT NULL,
          train_data_path VARCHAR NOT NULL, eval_data_path VARCHAR, config JSON,
          num_gpus INTEGER NOT NULL, gpu_type VARCHAR NOT NULL, learning_rate %s NOT NULL,
          batch_size INTEGER NOT NULL, num_epochs INTEGER NOT NULL, max_steps INTEGER,
          context_length INTEGER NOT NULL, kl_coef %s NOT NULL, rollout_n INTEGER NOT NULL,
          current_step INTEGER NOT NULL, total_steps INTEGER, current_epoch INTEGER NOT NULL,
          ray_job_id VARCHAR, output_path VARCHAR, checkpoint_paths JSON, created_at %s NOT NULL,
          started_at %s, completed_at %s, updated_at %s NOT NULL, PRIMARY KEY (id))"""
            .formatted(
                key,
                sqlite ? "VARCHAR(9)" : "jobstatus",
                sqlite ? "VARCHAR(4)" : "trainingalgorithm",
                real,
                real,
                time,
                time,
                time,
                time));
    database.execute("CREATE UNIQUE INDEX ix_training_jobs_uuid ON training_jobs (uuid)");
    database.execute("CREATE INDEX ix_training_jobs_status ON training_jobs (status)");
    database.execute(
        """
        CREATE TABLE training_metrics (id %s, job_uuid VARCHAR NOT NULL, step INTEGER NOT NULL,
          epoch INTEGER NOT NULL, policy_loss %2$s, value_loss %2$s, total_loss %2$s,
          reward_mean %2$s, reward_std %2$s, kl_divergence %2$s, entropy %2$s, learning_rate %2$s,
          extra_metrics JSON, timestamp %3$s NOT NULL, PRIMARY KEY (id),
          FOREIGN KEY(job_uuid) REFERENCES training_jobs (uuid))"""
            .replaceFirst("%s", key.replace("$", "\\$"))
            .formatted("", real, time));
    database.execute("CREATE INDEX ix_training_metrics_job_uuid ON training_metrics (job_uuid)");
    database.execute(
        "CREATE TABLE training_datasets (id "
            + key
            + ", uuid VARCHAR NOT NULL, name VARCHAR NOT"
            + " NULL, description VARCHAR, file_path VARCHAR NOT NULL, file_format VARCHAR NOT"
            + " NULL, file_size_mb "
            + real
            + " NOT NULL, total_rows INTEGER NOT NULL, columns"
            + " JSON, label_fields JSON, field_distributions JSON, prompt_field VARCHAR NOT NULL,"
            + " response_field VARCHAR NOT NULL, remote_path VARCHAR, sync_status VARCHAR(10) NOT"
            + " NULL, sync_error VARCHAR, synced_at "
            + time
            + ", created_at "
            + time
            + " NOT NULL, analyzed_at "
            + time
            + ", PRIMARY KEY (id))");
    database.execute("CREATE TABLE someone_elses (id INTEGER, words VARCHAR)");
    database.execute("INSERT INTO someone_elses VALUES (1, 'stay')");
    return database;
  }

  /** Lets go of it, so that nobody has it open. */
  public void close() {
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }

  public DatabaseAddress address() {
    return address;
  }

  /** Executes a statement of the platform's, or of whoever damages it. */
  public void execute(String sql, Object... values) {
    open().write(handle -> handle.execute(sql, values));
  }

  private Database open() {
    if (opened == null) {
      opened = Database.open(address, Database.Access.CREATE);
    }
    return opened;
  }

  /** Asks for one column. */
  public List<String> ask(String sql) {
    return open().read(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static final String JOB =
      "INSERT INTO training_jobs (uuid, name, status, algorithm, model_path, lora_enabled,"
          + " lora_rank, train_data_path, config, num_gpus, gpu_type, learning_rate, batch_size,"
          + " num_epochs, max_steps, context_length, kl_coef, rollout_n, current_step,"
          + " current_epoch, output_path, created_at, started_at, completed_at, updated_at)"
          + " VALUES ";

  /** A job as tests need one; its values are SQL. */
  public static final class JobRow {
    public String uuid = "aaaa0001";
    public String status = "COMPLETED";
    public String algorithm = "GRPO";
    public String model = "/models/base-7B";
    public String data = "/data/chat.jsonl";
    public String config = "'{\"recipe\": \"grpo_basic\"}'";
    public String learningRate = "1e-06";
    public String batchSize = "128";
    public String createdAt = "2026-01-07 08:36:17.831052";
    public String startedAt = "2026-01-07 08:40:00.000000";
    public String completedAt = "2026-01-07 12:40:00.000000";
    public String updatedAt = "2026-01-07 12:40:00.000000";

    String sql(boolean sqlite) {
      return "('%s', 'name of %s', '%s', '%s', '%s', %s, 8, '%s', %s, 8, 'A100', %s, %s, 2, NULL, 2048, 0.02, 8, 100, 1, '/out/%s', '%s', %s, %s, '%s')"
          .formatted(
              uuid,
              uuid,
              status,
              algorithm,
              model,
              sqlite ? "1" : "true",
              data,
              config,
              learningRate,
              batchSize,
              uuid,
              createdAt,
              startedAt.isEmpty() ? "NULL" : "'" + startedAt + "'",
              completedAt.isEmpty() ? "NULL" : "'" + completedAt + "'",
              updatedAt);
    }
  }

  /** Adds a job. */
  public void add(JobRow row) {
    execute(JOB + row.sql(address.dialect() == Dialect.SQLITE));
  }

  /** Adds a row of metrics. */
  public void addMetric(String uuid, long step, String reward, String loss, String extra) {
    execute(
        "INSERT INTO training_metrics (job_uuid, step, epoch, reward_mean, total_loss,"
            + " extra_metrics, timestamp) VALUES ('%s', %d, 0, %s, %s, %s, '2026-01-07 09:00:%02d.000000')"
                .formatted(uuid, step, reward, loss, extra, step % 60));
  }

  /** Adds jobs and metrics, the same ones for the same seed whatever the database. */
  public void addRandom(long seed, int jobs) {
    Random random = new Random(seed);
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      JobRow row = new JobRow();
      String recipe = RECIPES.get(random.nextInt(RECIPES.size()));
      row.uuid =
          random.nextInt(4) == 0
              ? new java.util.UUID(random.nextLong(), random.nextLong()).toString()
              : "%08x".formatted(random.nextInt());
      row.status =
          List.of("COMPLETED", "COMPLETED", "COMPLETED", "FAILED", "RUNNING", "QUEUED", "CANCELLED")
              .get(random.nextInt(7));
      row.algorithm = ALGORITHMS.get(recipe);
      row.model = "/models/base-" + List.of("7B", "13B", "70B").get(random.nextInt(3));
      row.config =
          random.nextInt(5) == 0
              ? "NULL"
              : "'{\"recipe\": \"%s\", \"optimizer\": {\"weight_decay\": 0.01}, \"seed\": %d}'"
                  .formatted(recipe, random.nextInt(100));
      row.learningRate = String.valueOf(Math.pow(10, -4 - 3 * random.nextDouble()));
      row.batchSize = String.valueOf(32 << random.nextInt(4));
      row.startedAt = random.nextInt(5) == 0 ? "" : row.startedAt;
      row.completedAt =
          row.status.equals("RUNNING")
              ? ""
              : "2026-01-0%d 12:40:00.000000".formatted(7 + random.nextInt(3));
      statements.add(JOB + row.sql(address.dialect() == Dialect.SQLITE));
      int steps = random.nextInt(6);
      for (int step = 0; step < steps; step++) {
        boolean bad = random.nextInt(40) == 0;
        statements.add(
            "INSERT INTO training_metrics (job_uuid, step, epoch, reward_mean, total_loss,"
                + " extra_metrics, timestamp) VALUES ('%s', %d, 0, %s, %s, %s, '2026-01-07 09:%02d:00.000000')"
                    .formatted(
                        row.uuid,
                        step * 100,
                        bad
                            ? (address.dialect() == Dialect.SQLITE ? "9e999" : "'Infinity'")
                            : String.valueOf(random.nextDouble()),
                        random.nextInt(10) == 0 ? "NULL" : String.valueOf(random.nextDouble() * 3),
                        random.nextInt(3) == 0
                            ? "NULL"
                            : "'{\"accuracy\": %s}'".formatted(random.nextDouble()),
                        step));
      }
    }
    open()
        .write(
            handle -> {
              statements.forEach(handle::execute);
              return null;
            });
  }
}
