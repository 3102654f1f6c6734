package dev.mixdown.registry.catalog;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.JobReports;
import dev.mixdown.registry.JobReports.Told;
import dev.mixdown.registry.JobsEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryEntry;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.databases.Database;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.DatabaseException;
import dev.mixdown.registry.databases.Dialect;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.jobs.TrainingJobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * An index over a registry's entries, in a database. It is filled from the entries that it does not
 * have yet, whoever wrote them; whatever happens to it, it can be made of them again. All of a
 * refresh happens in one transaction: killed at any moment, the catalog is as it was before.
 */
public final class Catalog implements AutoCloseable {
  /** Entries that were read last: one of thousands of jobs is asked for each of them. */
  private static final int KEPT = 16;

  private final Database database;
  private final Registry registry;
  private final Consumer<String> notices;

  /** For questions about one job after the other: an entry has hundreds of them. */
  private final KeptReports reports = new KeptReports();

  /** Whether it was made when it was opened. */
  private boolean fresh;

  /** What a refresh or a rebuild has done. */
  public record Outcome(int entries, boolean rebuilt) {}

  private Catalog(Database database, Registry registry, Consumer<String> notices) {
    this.database = database;
    this.registry = registry;
    this.notices = notices;
  }

  /**
   * Opens the catalog of a registry, and makes it where it is not there. A file of mixdown's own
   * that is damaged is made anew.
   *
   * @param notices takes what a user should know, a line each
   * @throws ConfigException when it is the catalog of another registry, or a file that a user named
   *     is damaged
   */
  public static Catalog open(CatalogPlace place, Registry registry, Consumer<String> notices)
      throws IOException {
    return made(place, notices, () -> opened(place.address(), registry, notices));
  }

  /**
   * Opens the catalog of a registry, with all that the registry has.
   *
   * @throws ConfigException as {@link #open}
   */
  public static Catalog current(CatalogPlace place, Registry registry, Consumer<String> notices)
      throws IOException {
    return made(place, notices, () -> filled(place.address(), registry, notices));
  }

  /** Work that needs a catalog which is not damaged. */
  private interface Opening {
    Catalog open() throws IOException;
  }

  private static Catalog made(CatalogPlace place, Consumer<String> notices, Opening opening)
      throws IOException {
    if (place.address().dialect() == Dialect.SQLITE) {
      Files.createDirectories(Path.of(place.address().file()).toAbsolutePath().getParent());
    }
    try {
      return opening.open();
    } catch (DatabaseException e) {
      if (!e.isDamaged()) {
        throw e;
      }
      if (place.named()) {
        throw new ConfigException(
            "the catalog",
            place.address().toString(),
            "is not a database, or is damaged; name another --catalog, or remove it: it is made again"
                + " from the registry");
      }
      moveAside(place.address(), notices);
      return opening.open();
    }
  }

  private static Catalog filled(
      DatabaseAddress address, Registry registry, Consumer<String> notices) throws IOException {
    Catalog catalog = opened(address, registry, notices);
    try {
      Outcome read = catalog.refresh();
      if (catalog.fresh && read.entries() > 0) {
        notices.accept(
            "the catalog %s was not there; it was made of %,d entries of the registry"
                .formatted(address, read.entries()));
      }
      return catalog;
    } catch (IOException | RuntimeException e) {
      catalog.close();
      throw e;
    }
  }

  private static Catalog opened(
      DatabaseAddress address, Registry registry, Consumer<String> notices) {
    Database database = Database.open(address, Database.Access.CREATE);
    Catalog catalog = new Catalog(database, registry, notices);
    try {
      catalog.prepare();
      return catalog;
    } catch (RuntimeException e) {
      catalog.close();
      throw e;
    }
  }

  private static void moveAside(DatabaseAddress address, Consumer<String> notices)
      throws IOException {
    Path file = Path.of(address.file());
    Path aside = Path.of(file + ".damaged");
    Files.move(file, aside, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(Path.of(file + "-wal"));
    Files.deleteIfExists(Path.of(file + "-shm"));
    notices.accept(
        "the catalog " + file + " was damaged; it is now " + aside + ", and a new one is made");
  }

  /** Makes the tables that are not there. */
  private void prepare() {
    Optional<String> state = database.read(handle -> state(handle));
    if (state.isEmpty()) {
      return;
    }
    database.write(
        handle -> {
          database.lockOthersOut(handle);
          Optional<String> reason = state(handle);
          if (reason.isPresent()) {
            if (!reason.get().isEmpty()) {
              notices.accept("the catalog " + reason.get() + "; it is made again");
              forget(handle, database.schema(handle));
            }
            make(handle);
            fresh = reason.get().isEmpty();
          }
          return null;
        });
  }

  /**
   * Why the tables have to be made.
   *
   * @return empty when they are as they should be; an empty text when there are none
   */
  private Optional<String> state(Handle handle) {
    Set<String> tables = database.tableNames(handle);
    if (CatalogSchema.tables().stream().noneMatch(tables::contains)) {
      return Optional.of("");
    }
    if (!CatalogSchema.isWhole(tables)) {
      return Optional.of(database.address() + " lacks a table");
    }
    if (!get(handle, "format").equals(Optional.of(CatalogSchema.FORMAT))) {
      return Optional.of(database.address() + " is of another version of mixdown");
    }
    String other = get(handle, "registry").orElse(registry.folder());
    if (!other.equals(registry.folder())) {
      throw new ConfigException(
          "the catalog",
          database.address().toString(),
          "it is the catalog of the registry %s, not of %s; set --registry, or name another --catalog"
              .formatted(other, registry.folder()));
    }
    return Optional.empty();
  }

  private static Optional<String> get(Handle handle, String name) {
    return handle
        .createQuery("SELECT value FROM mixdown_catalog WHERE name = ?")
        .bind(0, name)
        .mapTo(String.class)
        .findOne();
  }

  private static void set(Handle handle, String name, String value) {
    handle.execute("DELETE FROM mixdown_catalog WHERE name = ?", name);
    handle.execute("INSERT INTO mixdown_catalog VALUES (?, ?)", name, value);
  }

  /** The database that it is in. */
  public Database database() {
    return database;
  }

  /** The registry that it is an index of. */
  public Registry registry() {
    return registry;
  }

  /** What was noted under a name. */
  public Optional<String> note(String name) {
    return database.read(handle -> get(handle, name));
  }

  /** Notes something; it is forgotten when the catalog is made again. */
  public void note(String name, String value) {
    database.write(
        handle -> {
          set(handle, name, value);
          return null;
        });
  }

  /** Whether other programs have written rows of the platform's tables into its database. */
  public boolean hasOthers() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT 1 WHERE EXISTS (SELECT 1 FROM training_jobs WHERE uuid NOT IN"
                        + " (SELECT uuid FROM mixdown_jobs WHERE owned = 1))"
                        + " OR EXISTS (SELECT 1 FROM dataset_versions WHERE file_hash NOT IN"
                        + " (SELECT version FROM mixdown_versions WHERE owned = 1))")
                .mapTo(Integer.class)
                .findFirst()
                .isPresent());
  }

  /**
   * Reads the entries that are new. Where an entry is gone that the catalog has, all are read
   * again.
   */
  public Outcome refresh() throws IOException {
    Map<EntryKind<?>, List<String>> ids = ids();
    Comparison before = database.read(handle -> compared(handle, ids));
    if (before.gone() > 0) {
      notices.accept(
          before.gone() + " entries of the catalog are gone from the registry; it is made again");
      return rebuild();
    }
    if (before.fresh().isEmpty()) {
      return new Outcome(0, false);
    }
    return written(
        handle -> {
          // Another process may have been faster.
          Map<EntryKind<?>, List<String>> fresh = compared(handle, ids).fresh();
          return new Outcome(read(handle, fresh), false);
        });
  }

  /** Makes the catalog again from all entries; rows of other programs stay. */
  public Outcome rebuild() throws IOException {
    Map<EntryKind<?>, List<String>> ids = ids();
    return written(
        handle -> {
          forget(handle, database.schema(handle));
          make(handle);
          return new Outcome(read(handle, ids), true);
        });
  }

  private void make(Handle handle) {
    CatalogSchema.create(database, handle);
    set(handle, "format", CatalogSchema.FORMAT);
    set(handle, "registry", registry.folder());
  }

  /** Work that writes. */
  private interface Work<T> {
    T with(Handle handle) throws IOException, SQLException;
  }

  private <T> T written(Work<T> work) throws IOException {
    try {
      return database.write(
          handle -> {
            database.lockOthersOut(handle);
            try {
              return work.with(handle);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            } catch (SQLException e) {
              throw database.exception(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Map<EntryKind<?>, List<String>> ids() throws IOException {
    Map<EntryKind<?>, List<String>> ids = new LinkedHashMap<>();
    for (EntryKind<?> kind : EntryKind.ALL) {
      ids.put(kind, registry.ids(kind).stream().sorted().toList());
    }
    return ids;
  }

  /** What the registry has and the catalog does not, and how many it is the other way round. */
  private record Comparison(Map<EntryKind<?>, List<String>> fresh, long gone) {}

  private static Comparison compared(Handle handle, Map<EntryKind<?>, List<String>> ids) {
    Map<EntryKind<?>, List<String>> fresh = new LinkedHashMap<>();
    long gone = 0;
    for (Map.Entry<EntryKind<?>, List<String>> kind : ids.entrySet()) {
      Set<String> known =
          new HashSet<>(
              handle
                  .createQuery("SELECT id FROM mixdown_entries WHERE kind = ?")
                  .bind(0, kind.getKey().word())
                  .mapTo(String.class)
                  .list());
      List<String> news = kind.getValue().stream().filter(id -> !known.contains(id)).toList();
      gone += known.size() - (kind.getValue().size() - news.size());
      if (!news.isEmpty()) {
        fresh.put(kind.getKey(), news);
      }
    }
    return new Comparison(fresh, gone);
  }

  /** Removes all that mixdown wrote. */
  private void forget(Handle handle, LiveSchema live) {
    if (live.has("mixdown_jobs") && live.has("training_jobs")) {
      String own = " IN (SELECT uuid FROM mixdown_jobs WHERE owned = 1)";
      if (live.has("training_metrics")) {
        handle.execute("DELETE FROM training_metrics WHERE job_uuid" + own);
      }
      handle.execute("DELETE FROM training_jobs WHERE uuid" + own);
    }
    if (live.has("mixdown_versions") && live.has("dataset_versions")) {
      handle.execute(
          "DELETE FROM dataset_versions WHERE file_hash IN (SELECT version FROM mixdown_versions"
              + " WHERE owned = 1)");
    }
  }

  private int read(Handle handle, Map<EntryKind<?>, List<String>> fresh)
      throws IOException, SQLException {
    LiveSchema live = database.schema(handle);
    Rows entries = new Rows(handle.getConnection(), "mixdown_entries", "kind, id");
    int read = 0;
    try (EntryWriter others = new EntryWriter(handle.getConnection());
        VersionWriter versions = new VersionWriter(database, handle, live);
        JobWriter jobs = new JobWriter(database, handle, live, new KeptReports())) {
      for (Map.Entry<EntryKind<?>, List<String>> kind : fresh.entrySet()) {
        try (EntryBatches batches = new EntryBatches(registry, kind.getKey(), kind.getValue())) {
          while (batches.hasNext()) {
            for (RegistryEntry entry : batches.next()) {
              entries.add(kind.getKey().word(), entry.id());
              write(entry, others, versions, jobs);
              read++;
            }
          }
        }
      }
      entries.flush();
      others.flush();
      versions.finish();
      jobs.flush();
    } finally {
      entries.close();
    }
    return read;
  }

  private static void write(
      RegistryEntry entry, EntryWriter others, VersionWriter versions, JobWriter jobs)
      throws SQLException, IOException {
    if (entry instanceof DatasetVersion version) {
      versions.add(version);
    } else if (entry instanceof JobsEntry || entry instanceof TrainingEntry) {
      for (Told told : told(entry)) {
        jobs.add(told);
      }
    } else {
      others.add(entry);
    }
  }

  /** What an entry tells of jobs. */
  private static List<Told> told(RegistryEntry entry) {
    if (entry instanceof JobsEntry jobs) {
      return jobs.jobs().stream()
          .map(job -> new Told(Told.JOB, jobs.recordedAt(), jobs.id(), job))
          .toList();
    }
    if (entry instanceof TrainingEntry training) {
      return List.of(
          new Told(Told.TRAINING, training.recordedAt(), training.id(), TrainingJobs.of(training)));
    }
    return List.of();
  }

  /** Reads reports again; the entries that were asked for last are kept. */
  private final class KeptReports implements JobWriter.ReportSource {
    private final Map<String, Map<String, List<Told>>> kept =
        new LinkedHashMap<>(KEPT, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Map<String, List<Told>>> eldest) {
            return size() > KEPT;
          }
        };

    @Override
    public List<Told> of(String uuid, Map<String, String> entries) throws IOException {
      List<Told> all = new ArrayList<>();
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        Map<String, List<Told>> reports = kept.get(entry.getKey());
        if (reports == null) {
          reports = new LinkedHashMap<>();
          for (Told told : told(entry.getValue(), entry.getKey())) {
            reports.computeIfAbsent(told.report().uuid(), u -> new ArrayList<>()).add(told);
          }
          kept.put(entry.getKey(), reports);
        }
        all.addAll(reports.getOrDefault(uuid, List.of()));
      }
      return all;
    }
  }

  private List<Told> told(String kind, String id) throws IOException {
    Optional<? extends RegistryEntry> entry =
        kind.equals(EntryKind.JOBS.word())
            ? registry.find(EntryKind.JOBS, id)
            : registry.find(EntryKind.TRAINING, id);
    return entry.map(Catalog::told).orElse(List.of());
  }

  /**
   * A job; empty where there is none. Only one that the platform's programs cannot read is looked
   * up in the registry's files.
   */
  public Optional<Job> job(String uuid) throws IOException {
    Optional<Job> catalogued =
        database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT "
                            + CatalogRow.columns()
                            + " FROM training_jobs t JOIN mixdown_jobs j ON j.uuid = t.uuid"
                            + " WHERE t.uuid = ?")
                    .bind(0, uuid)
                    .map((row, context) -> new Job(uuid, CatalogRow.of(row)))
                    .findOne());
    return catalogued.isPresent()
        ? catalogued
        : report(uuid).map(report -> new Job(uuid, report.row()));
  }

  /** All reports of a job as one; empty where there is no such job. */
  public Optional<JobReport> report(String uuid) throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    database.read(
        handle ->
            handle
                .createQuery("SELECT entry, kind FROM mixdown_job_reports WHERE uuid = ?")
                .bind(0, uuid)
                .map((row, context) -> entries.put(row.getString(1), row.getString(2)))
                .list());
    List<Told> told;
    synchronized (reports) {
      told = reports.of(uuid, entries);
    }
    return told.isEmpty() ? Optional.empty() : Optional.of(JobReports.merged(told).report());
  }

  @Override
  public void close() {
    database.close();
  }
}
