package dev.mixdown.registry.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.Dialect;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.matching.VersionMatcher.MatchResult;
import dev.mixdown.registry.platform.Migration;
import dev.mixdown.registry.platform.PlatformRows;
import dev.mixdown.registry.platform.PlatformRows.PlatformRow;
import dev.mixdown.registry.platform.PlatformSchema;
import dev.mixdown.registry.platform.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * Brings a platform's database to its second phase, in place. The columns and tables that are
 * missing are added, nothing else is changed, and each job gets the dataset version that it was
 * trained on, where that is known. All of it happens in one transaction; a file is copied before.
 */
public final class PlatformMigration {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * What was done, or would be.
   *
   * @param statements what changed the tables
   * @param backup the copy of the file as it was; empty where nothing was changed
   * @param joined jobs that got their dataset version
   * @param versions how these were found, or why not, by the path of their data
   */
  public record Outcome(
      String database,
      boolean dryRun,
      List<String> statements,
      Optional<String> backup,
      long joined,
      Map<String, String> versions) {
    /** Whether there was nothing to do. */
    public boolean isUpToDate() {
      return statements.isEmpty() && joined == 0;
    }

    /** The document that {@code catalog migrate --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object().put("database", database).put("dry_run", dryRun);
      document.set("statements", Json.tree(statements));
      document.put("backup", backup.orElse(null));
      document.put("joined", joined);
      document.set(
          "data",
          Json.tree(
              versions.entrySet().stream()
                  .map(v -> Map.of("path", v.getKey(), "reason", v.getValue()))
                  .toList()));
      return document;
    }
  }

  /** The version of a job that has none in its row. */
  private record Found(String uuid, String version) {}

  private PlatformMigration() {}

  /**
   * Migrates a database.
   *
   * @param registry whose dataset versions are known
   * @param dryRun whether nothing is changed
   * @throws ConfigException when it is no platform's database, or a known column is of another type
   */
  public static Outcome run(DatabaseAddress address, Registry registry, boolean dryRun)
      throws IOException {
    Database.Access access = dryRun ? Database.Access.READ : Database.Access.WRITE;
    try (Database database = Database.open(address, access)) {
      LiveSchema live = database.schema();
      if (!live.has(PlatformSchema.JOBS.name(), "uuid")) {
        throw new ConfigException(
            "the database",
            address.toString(),
            "it has no table training_jobs with a column uuid; this is not a training platform's"
                + " database");
      }
      Map<String, String> reasons = new TreeMap<>();
      List<Found> found = found(database, live, registry, reasons);
      Migration migration = Migration.of(live, address.dialect(), address.toString());
      boolean changes = !migration.statements().isEmpty() || !found.isEmpty();
      Optional<String> backup =
          changes && !dryRun && address.dialect() == Dialect.SQLITE
              ? Optional.of(copy(database))
              : Optional.empty();
      List<String> statements = migration.statements();
      if (changes && !dryRun) {
        statements = database.write(handle -> migrated(database, handle, found));
      }
      return new Outcome(address.toString(), dryRun, statements, backup, found.size(), reasons);
    }
  }

  private static List<String> migrated(Database database, Handle handle, List<Found> found) {
    // Another process may have been faster.
    Migration migration =
        Migration.of(database.schema(handle), database.dialect(), database.address().toString());
    migration.statements().forEach(handle::execute);
    for (Found one : found) {
      handle.execute(
          "UPDATE training_jobs SET dataset_version_hash = ?"
              + " WHERE uuid = ? AND dataset_version_hash IS NULL",
          one.version(),
          one.uuid());
    }
    return migration.statements();
  }

  private static String copy(Database database) {
    String copy = database.address().file() + ".before-" + STAMP.format(Instant.now());
    database.read(handle -> handle.execute("VACUUM INTO ?", copy));
    return copy;
  }

  private static List<Found> found(
      Database database, LiveSchema live, Registry registry, Map<String, String> reasons)
      throws IOException {
    List<DatasetVersion> versions =
        new ArrayList<>(registry.readAll(EntryKind.VERSION, registry.ids(EntryKind.VERSION)));
    try {
      return database.stream(
          handle -> {
            try {
              if (live.has(PlatformSchema.VERSIONS.name(), "file_hash")) {
                versions.addAll(versions(database, handle, live));
              }
              return found(database, handle, live, versions, registry, reasons);
            } catch (SQLException e) {
              throw database.exception(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<DatasetVersion> versions(Database database, Handle handle, LiveSchema live)
      throws SQLException {
    List<DatasetVersion> versions = new ArrayList<>();
    try (PlatformRows rows = rows(database, handle, live, PlatformSchema.VERSIONS, "file_hash")) {
      for (PlatformRow row = rows.next(); row != null; row = rows.next()) {
        ImportedVersions.of(
                row, database.address().toString(), UnaryOperator.identity(), unread -> {})
            .ifPresent(versions::add);
      }
    }
    return versions;
  }

  private static PlatformRows rows(
      Database database, Handle handle, LiveSchema live, Table table, String order)
      throws SQLException {
    return new PlatformRows(
        database,
        handle.getConnection(),
        table,
        live.table(table.name()).orElseThrow(),
        order,
        "",
        unread -> {});
  }

  private static List<Found> found(
      Database database,
      Handle handle,
      LiveSchema live,
      List<DatasetVersion> versions,
      Registry registry,
      Map<String, String> reasons)
      throws SQLException {
    DataFinder data = new DataFinder(versions, registry.storage(), UnaryOperator.identity());
    List<Found> found = new ArrayList<>();
    try (PlatformRows rows = rows(database, handle, live, PlatformSchema.JOBS, "uuid")) {
      for (PlatformRow row = rows.next(); row != null; row = rows.next()) {
        String uuid = row.text("uuid");
        if (uuid == null || row.text(JobReport.VERSION_COLUMN) != null) {
          continue;
        }
        MatchResult match = data.find(new Job(uuid, row.values()));
        String path = row.text("train_data_path");
        Optional<Used> used = match.used();
        used.ifPresent(one -> found.add(new Found(uuid, one.version())));
        reasons.put(
            path == null ? "" : path,
            used.map(one -> one.name() + ", " + DataFinder.why(one)).orElse(match.reason()));
      }
    }
    return found;
  }
}
