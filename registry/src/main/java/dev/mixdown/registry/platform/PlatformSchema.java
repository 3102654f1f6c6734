package dev.mixdown.registry.platform;

import static dev.mixdown.registry.platform.Column.optional;
import static dev.mixdown.registry.platform.Column.required;
import static dev.mixdown.registry.platform.Column.standard;

import dev.mixdown.recipes.Algorithm;
import dev.mixdown.registry.databases.Dialect;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The platform's tables, as its second phase has them. Names, types and indexes are those that its
 * programs know.
 */
public final class PlatformSchema {
  /** Its jobs. */
  public static final Table JOBS =
      new Table(
          "training_jobs",
          List.of(
              required("id", Column.Type.KEY),
              required("uuid", Column.Type.TEXT),
              required("name", Column.Type.TEXT),
              optional("description", Column.Type.TEXT),
              required("status", Column.Type.STATUS),
              required("algorithm", Column.Type.ALGORITHM),
              required("model_path", Column.Type.TEXT),
              required("lora_enabled", Column.Type.BOOLEAN),
              required("lora_rank", Column.Type.INTEGER),
              required("train_data_path", Column.Type.TEXT),
              optional("eval_data_path", Column.Type.TEXT),
              optional("config", Column.Type.JSON),
              required("num_gpus", Column.Type.INTEGER),
              required("gpu_type", Column.Type.TEXT),
              required("learning_rate", Column.Type.REAL),
              required("batch_size", Column.Type.INTEGER),
              required("num_epochs", Column.Type.INTEGER),
              optional("max_steps", Column.Type.INTEGER),
              required("context_length", Column.Type.INTEGER),
              required("kl_coef", Column.Type.REAL),
              required("rollout_n", Column.Type.INTEGER),
              required("current_step", Column.Type.INTEGER),
              optional("total_steps", Column.Type.INTEGER),
              required("current_epoch", Column.Type.INTEGER),
              optional("ray_job_id", Column.Type.TEXT),
              optional("output_path", Column.Type.TEXT),
              optional("checkpoint_paths", Column.Type.JSON),
              required("created_at", Column.Type.TIME),
              optional("started_at", Column.Type.TIME),
              optional("completed_at", Column.Type.TIME),
              required("updated_at", Column.Type.TIME),
              optional("recipe_id", Column.Type.TEXT),
              optional("dataset_version_hash", Column.Type.TEXT),
              standard("metrics_last_offset", Column.Type.INTEGER, true, "0")),
          List.of(
              new Table.Index("uuid", true),
              new Table.Index("name", false),
              new Table.Index("status", false),
              new Table.Index("ray_job_id", false),
              new Table.Index("algorithm", false),
              new Table.Index("recipe_id", false),
              new Table.Index("dataset_version_hash", false)),
          "");

  /** What jobs measured, step by step. */
  public static final Table METRICS =
      new Table(
          "training_metrics",
          List.of(
              required("id", Column.Type.KEY),
              required("job_uuid", Column.Type.TEXT),
              required("step", Column.Type.INTEGER),
              required("epoch", Column.Type.INTEGER),
              optional("policy_loss", Column.Type.REAL),
              optional("value_loss", Column.Type.REAL),
              optional("total_loss", Column.Type.REAL),
              optional("reward_mean", Column.Type.REAL),
              optional("reward_std", Column.Type.REAL),
              optional("kl_divergence", Column.Type.REAL),
              optional("entropy", Column.Type.REAL),
              optional("learning_rate", Column.Type.REAL),
              optional("extra_metrics", Column.Type.JSON),
              required("timestamp", Column.Type.TIME),
              optional("reward_max", Column.Type.REAL),
              optional("reward_min", Column.Type.REAL),
              optional("kl_divergence_max", Column.Type.REAL),
              optional("grad_norm_actor", Column.Type.REAL),
              optional("grad_norm_critic", Column.Type.REAL),
              optional("tokens_per_second", Column.Type.REAL),
              optional("step_time", Column.Type.REAL),
              optional("gpu_memory_allocated_gib", Column.Type.REAL),
              standard("has_anomaly", Column.Type.BOOLEAN, true, "0"),
              optional("anomaly_type", Column.Type.TEXT),
              optional("anomaly_message", Column.Type.TEXT)),
          List.of(new Table.Index("job_uuid", false), new Table.Index("step", false)),
          "FOREIGN KEY (job_uuid) REFERENCES training_jobs (uuid)");

  /** Datasets that people uploaded. */
  public static final Table DATASETS =
      new Table(
          "training_datasets",
          List.of(
              required("id", Column.Type.KEY),
              required("uuid", Column.Type.TEXT),
              required("name", Column.Type.TEXT),
              optional("description", Column.Type.TEXT),
              required("file_path", Column.Type.TEXT),
              required("file_format", Column.Type.TEXT),
              required("file_size_mb", Column.Type.REAL),
              required("total_rows", Column.Type.INTEGER),
              optional("columns", Column.Type.JSON),
              optional("label_fields", Column.Type.JSON),
              optional("field_distributions", Column.Type.JSON),
              required("prompt_field", Column.Type.TEXT),
              required("response_field", Column.Type.TEXT),
              optional("remote_path", Column.Type.TEXT),
              required("sync_status", Column.Type.SYNC_STATUS),
              optional("sync_error", Column.Type.TEXT),
              optional("synced_at", Column.Type.TIME),
              required("created_at", Column.Type.TIME),
              optional("analyzed_at", Column.Type.TIME)),
          List.of(new Table.Index("name", false), new Table.Index("uuid", true)),
          "");

  /** Datasets at one moment, each content once. */
  public static final Table VERSIONS =
      new Table(
          "dataset_versions",
          List.of(
              required("id", Column.Type.KEY),
              required("dataset_name", Column.Type.TEXT),
              required("file_path", Column.Type.TEXT),
              required("file_hash", Column.Type.TEXT),
              standard("hash_algorithm", Column.Type.TEXT, true, "'sha256'"),
              required("file_size", Column.Type.LONG),
              required("file_size_mb", Column.Type.REAL),
              required("format", Column.Type.TEXT),
              optional("num_samples", Column.Type.INTEGER),
              optional("description", Column.Type.TEXT),
              standard("tags", Column.Type.JSON, false, "'[]'"),
              required("created_at", Column.Type.TIME),
              optional("modified_at", Column.Type.TIME)),
          List.of(new Table.Index("dataset_name", false), new Table.Index("file_hash", true)),
          "");

  /** All that mixdown knows; a database may have others. */
  public static final List<Table> TABLES = List.of(JOBS, METRICS, DATASETS, VERSIONS);

  private PlatformSchema() {}

  /** The enumerated types of PostgreSQL: what makes one, by its name. */
  static List<EnumType> types(Dialect dialect) {
    return dialect == Dialect.SQLITE
        ? List.of()
        : List.of(
            new EnumType(Column.Type.STATUS.sql(dialect), Arrays.asList(JobStatus.values())),
            new EnumType(
                Column.Type.ALGORITHM.sql(dialect),
                List.of(
                    Algorithm.SFT, Algorithm.PPO, Algorithm.GRPO, Algorithm.DPO, Algorithm.GSPO)));
  }

  /** An enumerated type. */
  record EnumType(String name, List<? extends Enum<?>> values) {
    String sql() {
      return "CREATE TYPE %s AS ENUM (%s)"
          .formatted(
              name,
              values.stream().map(v -> "'" + v.name() + "'").collect(Collectors.joining(", ")));
    }
  }
}
