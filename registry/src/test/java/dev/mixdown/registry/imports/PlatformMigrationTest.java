package dev.mixdown.registry.imports;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.Samples;
import dev.mixdown.registry.catalog.Catalogs;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.imports.PlatformMigration.Outcome;
import dev.mixdown.registry.platform.PlatformDatabase;
import dev.mixdown.registry.platform.PlatformDatabase.JobRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformMigrationTest {
  private static final String COLUMNS = "SELECT name FROM pragma_table_info('%s') ORDER BY cid";

  @TempDir Path folder;

  private Registry registry;
  private PlatformDatabase platform;

  @BeforeEach
  void begin() {
    registry = new Catalogs(folder).registry("registry");
    platform = PlatformDatabase.sqlite(folder.resolve("platform.db"));
  }

  private Outcome migrated() throws IOException {
    return PlatformMigration.run(platform.address(), registry, false);
  }

  @Test
  void an_older_database_gets_what_is_missing_and_keeps_all_else() throws IOException {
    platform.execute("ALTER TABLE training_jobs ADD COLUMN team VARCHAR");
    platform.addRandom(1, 20);
    List<String> before = platform.ask("SELECT uuid || status || created_at FROM training_jobs");
    Outcome outcome = migrated();
    assertThat(
        outcome.statements(),
        hasItems(
            "ALTER TABLE training_jobs ADD COLUMN \"recipe_id\" VARCHAR",
            "ALTER TABLE training_jobs ADD COLUMN \"dataset_version_hash\" VARCHAR",
            "ALTER TABLE training_jobs ADD COLUMN \"metrics_last_offset\" INTEGER DEFAULT 0 NOT"
                + " NULL",
            "ALTER TABLE training_metrics ADD COLUMN \"has_anomaly\" BOOLEAN DEFAULT 0 NOT NULL",
            "CREATE INDEX ix_training_jobs_recipe_id ON training_jobs (recipe_id)",
            "CREATE INDEX ix_training_jobs_dataset_version_hash ON training_jobs"
                + " (dataset_version_hash)",
            "CREATE UNIQUE INDEX ix_dataset_versions_file_hash ON dataset_versions (file_hash)"));
    assertThat(
        platform.ask(COLUMNS.formatted("training_metrics")),
        hasItems(
            "reward_max",
            "reward_min",
            "kl_divergence_max",
            "grad_norm_actor",
            "grad_norm_critic",
            "tokens_per_second",
            "step_time",
            "gpu_memory_allocated_gib",
            "anomaly_type",
            "anomaly_message",
            "has_anomaly"));
    assertThat(platform.ask(COLUMNS.formatted("training_jobs")), hasItem("team"));
    assertThat(
        platform.ask(COLUMNS.formatted("dataset_versions")),
        contains(
            "id",
            "dataset_name",
            "file_path",
            "file_hash",
            "hash_algorithm",
            "file_size",
            "file_size_mb",
            "format",
            "num_samples",
            "description",
            "tags",
            "created_at",
            "modified_at"));
    assertThat(
        platform.ask("SELECT uuid || status || created_at FROM training_jobs"), equalTo(before));
    assertThat(platform.ask("SELECT words FROM someone_elses"), contains("stay"));
  }

  @Test
  void the_file_is_copied_before_and_the_copy_is_as_it_was() throws IOException {
    platform.addRandom(2, 10);
    Outcome outcome = migrated();
    PlatformDatabase copy = PlatformDatabase.at(outcome.backup().orElseThrow());
    assertThat(copy.ask("SELECT count(*) FROM training_jobs"), contains("10"));
    assertThat(
        copy.ask("SELECT count(*) FROM sqlite_master WHERE name = 'dataset_versions'"),
        contains("0"));
  }

  @Test
  void a_second_migration_finds_nothing_to_do_and_copies_nothing() throws IOException {
    migrated();
    Outcome again = migrated();
    assertThat(again.isUpToDate(), is(true));
    assertThat(again.backup(), is(Optional.empty()));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(f -> f.toString().contains(".before-")).count(), is(1L));
    }
  }

  @Test
  void a_dry_run_says_all_statements_and_changes_nothing() throws IOException {
    Outcome dry = PlatformMigration.run(platform.address(), registry, true);
    assertThat(
        platform.ask("SELECT count(*) FROM sqlite_master WHERE name = 'dataset_versions'"),
        contains("0"));
    assertThat(migrated().statements(), equalTo(dry.statements()));
  }

  @Test
  void half_of_a_migration_is_completed_by_looking_at_the_tables() throws IOException {
    platform.execute("PRAGMA user_version = 99");
    platform.execute("ALTER TABLE training_jobs ADD COLUMN recipe_id VARCHAR");
    platform.execute("CREATE INDEX ix_training_jobs_recipe_id ON training_jobs (recipe_id)");
    List<String> statements = migrated().statements();
    assertThat(
        statements.stream()
            .filter(s -> s.contains("\"recipe_id\"") || s.contains("(recipe_id)"))
            .toList(),
        empty());
    assertThat(migrated().isUpToDate(), is(true));
  }

  @Test
  void a_known_column_of_another_type_is_refused_and_nothing_is_changed() throws IOException {
    platform.execute("ALTER TABLE training_jobs ADD COLUMN recipe_id INTEGER");
    platform.execute("ALTER TABLE training_metrics ADD COLUMN has_anomaly VARCHAR");
    ConfigException e = assertThrows(ConfigException.class, this::migrated);
    assertThat(
        e.getMessage(),
        containsString("training_jobs.recipe_id is of the type integer, not VARCHAR"));
    assertThat(
        e.getMessage(),
        containsString("training_metrics.has_anomaly is of the type varchar, not BOOLEAN"));
    assertThat(
        platform.ask(COLUMNS.formatted("training_metrics")).contains("reward_max"), is(false));
  }

  @Test
  void a_view_in_a_tables_place_and_another_database_are_refused() throws IOException {
    platform.execute("CREATE VIEW dataset_versions AS SELECT 1 AS id");
    assertThat(
        assertThrows(ConfigException.class, this::migrated).getMessage(),
        containsString("dataset_versions is a view"));
    DatabaseAddress other =
        DatabaseAddress.of(Files.createFile(folder.resolve("x.db")).toString(), Optional.empty());
    assertThat(
        assertThrows(ConfigException.class, () -> PlatformMigration.run(other, registry, false))
            .getMessage(),
        containsString("has no table training_jobs"));
  }

  @Test
  void jobs_get_the_version_of_their_data_with_the_reason() throws IOException {
    registry.add(Samples.version("chat", "chat content", "2025-01-01T00:00:00Z"));
    platform.add(new JobRow());
    JobRow other = new JobRow();
    other.uuid = "aaaa0002";
    other.data = "/gone/nothing.jsonl";
    platform.add(other);
    Outcome outcome = migrated();
    assertThat(outcome.joined(), is(1L));
    assertThat(
        outcome.versions().get("/data/chat.jsonl"),
        is("chat, it names /data/chat.jsonl, unchanged since 2025-01-01T00:00:00Z"));
    assertThat(
        outcome.versions().get("/gone/nothing.jsonl"),
        is("no dataset lies at /gone/nothing.jsonl"));
    assertThat(
        platform.ask("SELECT dataset_version_hash FROM training_jobs WHERE uuid = 'aaaa0001'"),
        contains(Samples.hash("chat content")));
    assertThat(migrated().isUpToDate(), is(true));
  }

  @Test
  void postgresql_is_migrated_with_its_enumerated_types() throws IOException {
    platform = PlatformDatabase.postgresql();
    platform.addRandom(3, 20);
    Outcome outcome = migrated();
    assertThat(outcome.backup(), is(Optional.empty()));
    assertThat(
        outcome.statements(),
        hasItem(
            "ALTER TABLE training_metrics ADD COLUMN \"has_anomaly\" BOOLEAN DEFAULT false NOT NULL"));
    assertThat(migrated().isUpToDate(), is(true));
    JobRow later = new JobRow();
    platform.add(later);
    platform.addMetric(later.uuid, 1, "0.5", "1", "NULL");
    assertThat(
        platform.ask(
            "SELECT data_type FROM information_schema.columns WHERE table_name = 'training_jobs'"
                + " AND column_name = 'status'"),
        contains("USER-DEFINED"));
    assertThat(
        platform.ask("SELECT has_anomaly FROM training_metrics WHERE job_uuid = 'aaaa0001'"),
        contains("f"));
  }

  /** The statements of the platform's programs before the second phase, and after. */
  private static final String OLD_PROGRAM =
      """
      import sqlite3, sys
      db = sqlite3.connect(sys.argv[1])
      jobs = db.execute("SELECT id, uuid, name, description, status, algorithm, model_path, lora_enabled, lora_rank, train_data_path, eval_data_path, config, num_gpus, gpu_type, learning_rate, batch_size, num_epochs, max_steps, context_length, kl_coef, rollout_n, current_step, total_steps, current_epoch, ray_job_id, output_path, checkpoint_paths, created_at, started_at, completed_at, updated_at FROM training_jobs").fetchall()
      db.execute("INSERT INTO training_jobs (uuid, name, status, algorithm, model_path, lora_enabled, lora_rank, train_data_path, num_gpus, gpu_type, learning_rate, batch_size, num_epochs, context_length, kl_coef, rollout_n, current_step, current_epoch, created_at, updated_at) VALUES ('bbbb0001', 'python', 'RUNNING', 'SFT', '/m', 0, 8, '/d', 1, 'A100', 1e-5, 8, 1, 2048, 0.02, 8, 0, 0, '2026-01-07 08:36:17.831052', '2026-01-07 08:36:17.831052')")
      db.execute("INSERT INTO training_metrics (job_uuid, step, epoch, policy_loss, timestamp) VALUES ('bbbb0001', 1, 0, 0.5, '2026-01-07 08:37:00.000000')")
      db.execute("UPDATE training_jobs SET status = 'COMPLETED' WHERE uuid = 'bbbb0001'")
      db.execute("INSERT INTO dataset_versions (dataset_name, file_path, file_hash, file_size, file_size_mb, format, created_at) VALUES ('d', '/d', 'ab', 1, 0.1, 'jsonl', '2026-01-07 08:37:00.000000')")
      db.commit()
      print(len(jobs), db.execute("SELECT metrics_last_offset FROM training_jobs WHERE uuid = 'bbbb0001'").fetchone()[0], db.execute("SELECT has_anomaly FROM training_metrics WHERE job_uuid = 'bbbb0001'").fetchone()[0], db.execute("SELECT hash_algorithm, tags FROM dataset_versions").fetchone())
      """;

  @Test
  void afterwards_old_programs_still_read_and_write_it() throws Exception {
    assumeTrue(hasPython(), "python3 is not there");
    platform.addRandom(4, 15);
    migrated();
    platform.close();
    Process python =
        new ProcessBuilder("python3", "-c", OLD_PROGRAM, platform.address().file())
            .redirectErrorStream(true)
            .start();
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said, python.waitFor(), is(0));
    assertThat(said.strip(), is("15 0 0 ('sha256', '[]')"));
  }

  private static boolean hasPython() {
    try {
      Process process = new ProcessBuilder("python3", "-c", "import sqlite3").start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }
}
