package dev.mixdown.pipelines.export;

import dev.mixdown.recipes.BundledText;
import java.util.Locale;
import org.apache.avro.Schema;

/** The tables of an export. Each has a schema of its own, in Avro, beside this class. */
enum ExportTable {
  JOBS(
      """
      SELECT uuid, name, status, algorithm, recipe, manifest, model, data_path, created_at,
        started_at, completed_at, updated_at, last_seen, gpu_type, num_gpus, learning_rate,
        batch_size, num_epochs, max_steps, context_length, kl_coef, rollout_n, lora_enabled,
        lora_rank, current_step, total_steps
      FROM mixdown_jobs""",
      "uuid"),
  METRICS("SELECT * FROM training_metrics", "job_uuid"),
  VERSIONS(
      """
      SELECT entry, version, dataset, uri, format, bytes, records, description, tags, created_at,
        modified_at
      FROM mixdown_version_names""",
      "entry"),
  MANIFESTS(
      """
      SELECT m.id AS manifest, m.stage, m.variant, m.epoch, m.seed, m.samples, d.dataset,
        d.version, d.samples AS dataset_samples, m.uri, m.created_at, m.run
      FROM mixdown_manifests m
      LEFT JOIN mixdown_manifest_datasets d ON d.manifest = m.id""",
      "m.id"),
  /** Of the graph, and not of the catalog. */
  LINEAGE("", "");

  private final String sql;
  private final String order;

  ExportTable(String sql, String order) {
    this.sql = sql;
    this.order = order;
  }

  /** The name of its folder. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The query for its rows, but for their order. */
  String sql() {
    return sql;
  }

  /** The column that orders them. */
  String order() {
    return order;
  }

  /** What its rows have. */
  Schema schema() {
    return new Schema.Parser().parse(BundledText.of(ExportTable.class, folder() + ".avsc"));
  }
}
