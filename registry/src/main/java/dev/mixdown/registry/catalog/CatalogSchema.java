package dev.mixdown.registry.catalog;

import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.Dialect;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.platform.Migration;
import dev.mixdown.registry.platform.PlatformSchema;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** Mixdown's own tables, beside those of the platform. */
final class CatalogSchema {
  /** Changes whenever tables do: a catalog of another form is made again. */
  static final String FORMAT = "2";

  private static final Pattern TABLE = Pattern.compile("CREATE TABLE (\\w+)");

  private static final Pattern KEY = Pattern.compile("\n  PRIMARY KEY \\((.*)\\)");
  private static final Pattern ONE_KEY = Pattern.compile("(\\w+) TEXT NOT NULL PRIMARY KEY");

  /** By their names, so that a dump is the same whoever made them. */
  private static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE mixdown_catalog (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
          )""",
          """
          CREATE TABLE mixdown_entries (
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            PRIMARY KEY (kind, id)
          )""",
          """
          CREATE TABLE mixdown_job_reports (
            uuid TEXT NOT NULL,
            entry TEXT NOT NULL,
            kind TEXT NOT NULL,
            recorded_at TEXT NOT NULL,
            PRIMARY KEY (uuid, entry)
          )""",
          """
          CREATE TABLE mixdown_job_versions (
            uuid TEXT NOT NULL,
            version TEXT NOT NULL,
            dataset TEXT NOT NULL,
            match_by TEXT,
            confidence DOUBLE PRECISION,
            reason TEXT,
            PRIMARY KEY (uuid, version, dataset)
          )""",
          "CREATE INDEX mixdown_job_versions_version ON mixdown_job_versions (version)",
          """
          CREATE TABLE mixdown_jobs (
            uuid TEXT NOT NULL PRIMARY KEY,
            entry TEXT NOT NULL,
            kind TEXT NOT NULL,
            recorded_at TEXT NOT NULL,
            row_sha256 TEXT NOT NULL,
            metric_rows BIGINT NOT NULL,
            metrics_sha256 TEXT NOT NULL,
            joined INTEGER NOT NULL,
            owned INTEGER NOT NULL,
            name TEXT NOT NULL,
            status TEXT,
            algorithm TEXT,
            recipe TEXT,
            manifest TEXT,
            model TEXT,
            data_path TEXT,
            created_at TEXT,
            started_at TEXT,
            completed_at TEXT,
            updated_at TEXT,
            last_seen TEXT,
            gpu_type TEXT,
            num_gpus DOUBLE PRECISION,
            learning_rate DOUBLE PRECISION,
            batch_size DOUBLE PRECISION,
            num_epochs DOUBLE PRECISION,
            max_steps DOUBLE PRECISION,
            context_length DOUBLE PRECISION,
            kl_coef DOUBLE PRECISION,
            rollout_n DOUBLE PRECISION,
            lora_enabled DOUBLE PRECISION,
            lora_rank DOUBLE PRECISION,
            current_step DOUBLE PRECISION,
            total_steps DOUBLE PRECISION
          )""",
          "CREATE INDEX mixdown_jobs_algorithm ON mixdown_jobs (algorithm)",
          "CREATE INDEX mixdown_jobs_created ON mixdown_jobs (created_at, uuid)",
          "CREATE INDEX mixdown_jobs_manifest ON mixdown_jobs (manifest)",
          "CREATE INDEX mixdown_jobs_recipe ON mixdown_jobs (recipe, status)",
          "CREATE INDEX mixdown_jobs_seen ON mixdown_jobs (status, last_seen)",
          "CREATE INDEX mixdown_jobs_status ON mixdown_jobs (status, created_at, uuid)",
          """
          CREATE TABLE mixdown_manifest_datasets (
            manifest TEXT NOT NULL,
            dataset TEXT NOT NULL,
            version TEXT NOT NULL,
            samples BIGINT NOT NULL,
            PRIMARY KEY (manifest, dataset, version)
          )""",
          """
          CREATE TABLE mixdown_manifests (
            id TEXT NOT NULL PRIMARY KEY,
            uri TEXT NOT NULL,
            stage TEXT NOT NULL,
            variant TEXT,
            epoch BIGINT NOT NULL,
            seed BIGINT NOT NULL,
            samples BIGINT NOT NULL,
            created_at TEXT NOT NULL,
            run TEXT
          )""",
          """
          CREATE TABLE mixdown_metrics (
            uuid TEXT NOT NULL,
            metric TEXT NOT NULL,
            finite_values BIGINT NOT NULL,
            not_finite BIGINT NOT NULL,
            lowest DOUBLE PRECISION NOT NULL,
            lowest_step BIGINT NOT NULL,
            highest DOUBLE PRECISION NOT NULL,
            highest_step BIGINT NOT NULL,
            latest DOUBLE PRECISION NOT NULL,
            latest_step BIGINT NOT NULL,
            PRIMARY KEY (uuid, metric)
          )""",
          """
          CREATE TABLE mixdown_recipes (
            id TEXT NOT NULL PRIMARY KEY,
            recipe TEXT NOT NULL,
            version TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            registered_at TEXT NOT NULL
          )""",
          """
          CREATE TABLE mixdown_runs (
            id TEXT NOT NULL PRIMARY KEY,
            job TEXT NOT NULL,
            state TEXT NOT NULL,
            outcome TEXT,
            stage TEXT,
            variant TEXT,
            started_at TEXT NOT NULL,
            ended_at TEXT NOT NULL,
            error TEXT,
            recipe TEXT
          )""",
          """
          CREATE TABLE mixdown_uses (
            run TEXT NOT NULL,
            direction TEXT NOT NULL,
            dataset TEXT NOT NULL,
            id TEXT NOT NULL,
            PRIMARY KEY (run, direction, dataset, id)
          )""",
          "CREATE INDEX mixdown_uses_id ON mixdown_uses (id)",
          """
          CREATE TABLE mixdown_version_names (
            entry TEXT NOT NULL PRIMARY KEY,
            version TEXT NOT NULL,
            dataset TEXT NOT NULL,
            uri TEXT NOT NULL,
            format TEXT NOT NULL,
            bytes BIGINT NOT NULL,
            records BIGINT,
            description TEXT,
            tags TEXT NOT NULL,
            created_at TEXT NOT NULL,
            modified_at TEXT
          )""",
          "CREATE INDEX mixdown_version_names_version ON mixdown_version_names (version)",
          """
          CREATE TABLE mixdown_versions (
            version TEXT NOT NULL PRIMARY KEY,
            owned INTEGER NOT NULL
          )""");

  private CatalogSchema() {}

  /** The names of mixdown's tables. */
  static List<String> tables() {
    return STATEMENTS.stream()
        .map(TABLE::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .toList();
  }

  /** The columns that no two rows of a table have the same; all are texts. */
  static List<String> key(String table) {
    String statement =
        STATEMENTS.stream()
            .filter(sql -> sql.startsWith("CREATE TABLE " + table + " "))
            .findFirst()
            .orElseThrow();
    Matcher several = KEY.matcher(statement);
    if (several.find()) {
      return List.of(several.group(1).split(", "));
    }
    Matcher one = ONE_KEY.matcher(statement);
    if (!one.find()) {
      throw new IllegalStateException(table + " has no key");
    }
    return List.of(one.group(1));
  }

  /** Whether all tables of this form are there. */
  static boolean isWhole(Set<String> tables) {
    return tables.containsAll(tables())
        && PlatformSchema.TABLES.stream().allMatch(table -> tables.contains(table.name()));
  }

  /** Makes all tables that are not there; those of the platform are brought up to date. */
  static void create(Database database, Handle handle) {
    LiveSchema live = database.schema(handle);
    Migration.of(live, database.dialect(), database.address().toString())
        .statements()
        .forEach(handle::execute);
    tables().stream().filter(live::has).forEach(table -> handle.execute("DROP TABLE " + table));
    STATEMENTS.forEach(statement -> handle.execute(sql(statement, database.dialect())));
  }

  private static String sql(String statement, Dialect dialect) {
    // A table that is its own index is half as large; PostgreSQL has none such.
    return dialect == Dialect.SQLITE && statement.startsWith("CREATE TABLE")
        ? statement + " WITHOUT ROWID"
        : statement;
  }
}
