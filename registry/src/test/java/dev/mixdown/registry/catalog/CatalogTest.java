package dev.mixdown.registry.catalog;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.JobReport;
import dev.mixdown.registry.JobReport.Metrics;
import dev.mixdown.registry.JobReport.MetricsDigest;
import dev.mixdown.registry.JobsEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryEntry;
import dev.mixdown.registry.Samples;
import dev.mixdown.registry.TrainingEntry.Used;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.Dialect;
import dev.mixdown.registry.imports.SharedDatabase;
import dev.mixdown.registry.platform.JobStatus;
import dev.mixdown.registry.platform.PlatformDatabase;
import dev.mixdown.registry.platform.PlatformDatabase.JobRow;
import dev.mixdown.registry.recording.JobRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
  @TempDir Path folder;

  private Catalogs catalogs;
  private Registry registry;

  @BeforeEach
  void begin() {
    catalogs = new Catalogs(folder);
    registry = catalogs.registry("registry");
  }

  private DatabaseAddress file() {
    return DatabaseAddress.of(folder.resolve("catalog.db").toString(), Optional.empty());
  }

  /** One entry of each kind, and some that tell of the same thing. */
  private static List<RegistryEntry> entries() {
    DatasetVersion roads = Samples.version("roads", "road content", "2026-01-01T00:00:00Z");
    DatasetVersion again = Samples.version("streets", "road content", "2026-01-01T00:00:00Z");
    DatasetVersion towns = Samples.version("towns", "town content", "2026-02-01T00:00:00Z");
    return List.of(
        roads,
        again,
        towns,
        Samples.run("run-1", "2026-01-02T00:00:00Z", "manifest01", null, roads, towns),
        Samples.manifest("manifest01", "run-1", roads, towns),
        Samples.training(
            "training-1",
            "manifest01",
            null,
            "/checkpoints/1",
            "2026-01-03T00:00:00Z",
            "2026-01-03T05:00:00Z"),
        job("j1", "RUNNING", "2026-01-03 00:00:00.000000", metrics(0, 0.5, 0.6), null),
        job("j2", "COMPLETED", "2026-01-03 00:00:00.000000", null, null));
  }

  private static JobsEntry job(
      String uuid, String status, String updated, Metrics metrics, Boolean partial) {
    ObjectNode row = Json.object();
    row.put("status", status).put("updated_at", updated);
    if (partial == null) {
      row.put("uuid", uuid).put("name", "name of " + uuid).put("algorithm", "GRPO");
      row.put("created_at", "2026-01-01 00:00:00.000000").put("learning_rate", 2);
      row.put("recipe_id", "grpo_basic");
    }
    JobReport report =
        new JobReport(uuid, row, JobReport.digest(row), metrics, List.<Used>of(), null, partial);
    return JobsEntry.of(List.of(report), updated.replace(' ', 'T') + "Z", null);
  }

  private static Metrics metrics(long after, double... values) {
    List<String> columns = List.of("reward_mean", "step");
    MetricsDigest digest = new MetricsDigest();
    List<List<com.fasterxml.jackson.databind.JsonNode>> rows = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      List<com.fasterxml.jackson.databind.JsonNode> row =
          List.of(Json.tree(values[i]), Json.tree((long) i));
      digest.add(columns, row);
      rows.add(row);
    }
    return new Metrics(
        after, new MetricsDigest().value(), columns, List.copyOf(rows), digest.value());
  }

  @Test
  void after_every_kind_of_write_a_rebuilt_catalog_says_the_same() throws IOException {
    for (DatabaseAddress address : catalogs.empty()) {
      Registry fresh = catalogs.registry("registry-" + address.dialect());
      try (Catalog catalog = catalogs.current(address, fresh)) {
        for (RegistryEntry entry : entries()) {
          fresh.add(entry);
          catalog.refresh();
          if (address.dialect() == Dialect.POSTGRESQL && !(entry instanceof JobsEntry)) {
            // A rebuild takes a second there.
            continue;
          }
          List<String> dump = Catalogs.dump(catalog);
          catalog.rebuild();
          assertThat(entry.entryKind().word(), Catalogs.dump(catalog), equalTo(dump));
        }
      }
    }
    assertThat(catalogs.notices, empty());
  }

  @Test
  void in_whatever_order_entries_come_the_catalog_is_the_same() throws IOException {
    for (long seed = 0; seed < 8; seed++) {
      Random random = new Random(seed);
      List<RegistryEntry> all = new ArrayList<>(entries());
      for (int i = 0; i < 12; i++) {
        String time = "2026-01-%02d 00:00:00.000000".formatted(1 + random.nextInt(20));
        Metrics metrics =
            switch (random.nextInt(4)) {
              case 0 -> metrics(0, random.nextDouble());
              case 1 -> metrics(Metrics.APPENDED, random.nextDouble());
              case 2 -> metrics(2, random.nextDouble());
              default -> null;
            };
        String status = List.of("RUNNING", "FAILED", "GRADUATED").get(random.nextInt(3));
        all.add(job("j1", status, time, metrics, random.nextInt(3) == 0 ? null : true));
      }
      Collections.shuffle(all, random);
      Registry fresh = catalogs.registry("registry-" + seed);
      DatabaseAddress address =
          DatabaseAddress.of(folder.resolve(seed + ".db").toString(), Optional.empty());
      try (Catalog catalog = catalogs.current(address, fresh)) {
        for (RegistryEntry entry : all) {
          fresh.add(entry);
          if (random.nextBoolean()) {
            catalog.refresh();
          }
        }
        catalog.refresh();
        List<String> dump = Catalogs.dump(catalog);
        catalog.rebuild();
        assertThat("seed " + seed, Catalogs.dump(catalog), equalTo(dump));
      }
    }
  }

  @Test
  void one_content_has_several_names_and_one_row_for_the_platform() throws IOException {
    for (RegistryEntry entry : entries()) {
      registry.add(entry);
    }
    try (Catalog catalog = catalogs.current(file(), registry)) {
      assertThat(ask(catalog, "SELECT count(*) FROM dataset_versions"), contains("2"));
      assertThat(
          ask(catalog, "SELECT dataset FROM mixdown_version_names ORDER BY dataset"),
          contains("roads", "streets", "towns"));
    }
  }

  private static List<String> ask(Catalog catalog, String sql) {
    return catalog.database().read(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  @Test
  void a_job_that_the_platforms_programs_cannot_read_is_not_put_before_them() throws IOException {
    registry.add(job("j3", "GRADUATED", "2026-01-03 00:00:00.000000", metrics(0, 1.0), null));
    try (Catalog catalog = catalogs.current(file(), registry)) {
      assertThat(ask(catalog, "SELECT uuid FROM training_jobs"), empty());
      assertThat(new CatalogJobs(catalog).uncounted(), contains("j3"));
      registry.add(job("j3", "FAILED", "2026-01-04 00:00:00.000000", null, true));
      catalog.refresh();
      assertThat(ask(catalog, "SELECT status FROM training_jobs"), contains("FAILED"));
      assertThat(ask(catalog, "SELECT count(*) FROM training_metrics"), contains("1"));
    }
  }

  @Test
  void a_damaged_catalog_is_made_again_with_a_notice() throws IOException {
    for (RegistryEntry entry : entries()) {
      registry.add(entry);
    }
    Path path = Path.of(file().file());
    List<String> dump;
    try (Catalog catalog = catalogs.current(file(), registry)) {
      dump = Catalogs.dump(catalog);
    }
    for (int way = 0; way < 4; way++) {
      byte[] bytes = Files.readAllBytes(path);
      switch (way) {
        case 0 -> Files.write(path, "no database".getBytes(StandardCharsets.UTF_8));
        case 1 -> Files.write(path, new byte[0]);
        case 2 -> Files.delete(path);
        default -> {
          byte[] zeros = bytes.clone();
          java.util.Arrays.fill(zeros, 4096, zeros.length, (byte) 0xa5);
          Files.write(path, zeros);
        }
      }
      catalogs.notices.clear();
      try (Catalog catalog = catalogs.current(file(), registry)) {
        assertThat("way " + way, Catalogs.dump(catalog), equalTo(dump));
      }
      if (way == 2) {
        assertThat(
            catalogs.notices,
            contains(
                "the catalog "
                    + path
                    + " was not there; it was made of 8 entries of the registry"));
      }
      if (way == 0 || way == 3) {
        assertThat(catalogs.notices.get(0), containsString("was damaged"));
        assertThat(Files.exists(Path.of(path + ".damaged")), is(true));
      }
    }
  }

  @Test
  void a_file_that_a_user_named_and_is_no_database_stays_where_it_is() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "these are notes, and no database");
    CatalogPlace named =
        new CatalogPlace(DatabaseAddress.of(notes.toString(), Optional.empty()), true);
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> Catalog.current(named, registry, catalogs.notices::add));
    assertThat(e.getMessage(), containsString("is not a database, or is damaged"));
    assertThat(Files.readString(notes), is("these are notes, and no database"));
  }

  @Test
  void a_catalog_that_lacks_a_table_or_is_of_another_version_is_made_again() throws IOException {
    for (RegistryEntry entry : entries()) {
      registry.add(entry);
    }
    List<String> dump;
    try (Catalog catalog = catalogs.current(file(), registry)) {
      dump = Catalogs.dump(catalog);
      catalog.database().write(handle -> handle.execute("DROP TABLE mixdown_metrics"));
    }
    try (Catalog catalog = catalogs.current(file(), registry)) {
      assertThat(Catalogs.dump(catalog), equalTo(dump));
      assertThat(catalogs.notices, hasItem(containsString("lacks a table")));
      catalog
          .database()
          .write(
              handle ->
                  handle.execute("UPDATE mixdown_catalog SET value = '0' WHERE name = 'format'"));
    }
    try (Catalog catalog = catalogs.current(file(), registry)) {
      assertThat(Catalogs.dump(catalog), equalTo(dump));
      assertThat(catalogs.notices, hasItem(containsString("is of another version of mixdown")));
    }
  }

  @Test
  void an_entry_that_is_gone_is_gone_from_the_catalog() throws IOException {
    for (RegistryEntry entry : entries()) {
      registry.add(entry);
    }
    catalogs.current(file(), registry).close();
    String id = registry.ids(EntryKind.RUN).get(0);
    Files.delete(Path.of(registry.path(EntryKind.RUN, id)));
    try (Catalog catalog = catalogs.current(file(), registry)) {
      assertThat(ask(catalog, "SELECT count(*) FROM mixdown_runs"), contains("0"));
      assertThat(catalogs.notices, hasItem(containsString("gone from the registry")));
    }
  }

  @Test
  void a_catalog_of_another_registry_is_refused() throws IOException {
    catalogs.current(file(), registry).close();
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> catalogs.current(file(), catalogs.registry("other")));
    assertThat(e.getMessage(), containsString("it is the catalog of the registry"));
    assertThat(e.getMessage(), containsString("set --registry, or name another --catalog"));
  }

  @Test
  void in_others_database_only_rows_that_mixdown_wrote_go_and_come_back() throws IOException {
    for (PlatformDatabase platform :
        List.of(
            PlatformDatabase.sqlite(folder.resolve("platform.db")),
            PlatformDatabase.postgresql())) {
      platform.addRandom(3, 20);
      JobRow theirs = new JobRow();
      theirs.status = "RUNNING";
      theirs.completedAt = "";
      platform.add(theirs);
      platform.addMetric(theirs.uuid, 0, "0.25", "1", "NULL");
      List<String> before =
          platform.ask("SELECT id || ' ' || uuid || ' ' || name FROM training_jobs ORDER BY id");
      Registry fresh = catalogs.registry("registry-" + platform.address().dialect());
      for (RegistryEntry entry : entries()) {
        fresh.add(entry);
      }
      try (Catalog catalog = catalogs.current(platform.address(), fresh)) {
        SharedDatabase.refresh(catalog);
        assertThat(new CatalogJobs(catalog).find("aaaa0001").status(), is("running"));
        new JobRecorder(catalog, Instant.now())
            .record(
                new JobRecorder.Request(
                    Optional.of("aaaa0001"),
                    Optional.of(JobStatus.COMPLETED),
                    Map.of(),
                    Optional.empty(),
                    Map.of("reward_mean", 0.75),
                    Optional.of(5L),
                    Optional.empty(),
                    List.of()));
        assertThat(
            platform.ask("SELECT status FROM training_jobs WHERE uuid = 'aaaa0001'"),
            contains("COMPLETED"));
        assertThat(
            platform.ask("SELECT count(*) FROM training_metrics WHERE job_uuid = 'aaaa0001'"),
            contains("2"));
        int jobs = fresh.ids(EntryKind.JOBS).size();
        List<String> dump = Catalogs.dump(catalog);
        SharedDatabase.rebuild(catalog);
        SharedDatabase.refresh(catalog);
        assertThat(fresh.ids(EntryKind.JOBS).size(), is(jobs));
        assertThat(Catalogs.dump(catalog), equalTo(dump));
        // What they changed since then is not changed back by what was known before.
        platform.execute(
            "UPDATE training_jobs SET status = 'FAILED', updated_at = '2027-01-01 00:00:00'"
                + " WHERE uuid = 'aaaa0001'");
        catalog.rebuild();
        assertThat(
            platform.ask("SELECT status FROM training_jobs WHERE uuid = 'aaaa0001'"),
            contains("FAILED"));
        platform.execute(
            "UPDATE training_jobs SET status = 'COMPLETED', updated_at = (SELECT updated_at FROM"
                + " training_jobs WHERE uuid = 'aaaa0001') WHERE uuid = 'aaaa0001'");
        SharedDatabase.refresh(catalog);
        assertThat(new CatalogJobs(catalog).find("aaaa0001").status(), is("completed"));
        jobs = fresh.ids(EntryKind.JOBS).size();
        dump = Catalogs.dump(catalog);
        SharedDatabase.rebuild(catalog);
        assertThat(fresh.ids(EntryKind.JOBS).size(), is(jobs));
        assertThat(Catalogs.dump(catalog), equalTo(dump));
      }
      List<String> after =
          platform.ask("SELECT id || ' ' || uuid || ' ' || name FROM training_jobs ORDER BY id");
      assertThat(after.subList(0, before.size()), equalTo(before));
      assertThat(platform.ask("SELECT words FROM someone_elses"), contains("stay"));
      platform.close();
    }
  }

  @Test
  void two_who_open_and_fill_one_catalog_at_once_do_it_once() throws Exception {
    for (RegistryEntry entry : entries()) {
      registry.add(entry);
    }
    for (DatabaseAddress address : catalogs.empty()) {
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    catalogs.current(address, registry).close();
                  } catch (Exception | AssertionError e) {
                    failures.add(e);
                  }
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures, empty());
      try (Catalog catalog = catalogs.current(address, registry)) {
        List<String> dump = Catalogs.dump(catalog);
        catalog.rebuild();
        assertThat(Catalogs.dump(catalog), equalTo(dump));
      }
    }
  }

  @Test
  void what_two_record_of_one_job_at_once_is_both_kept() throws Exception {
    registry.add(job("j1", "RUNNING", "2026-01-03 00:00:00.000000", null, null));
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 2; t++) {
      int writer = t;
      threads.add(
          new Thread(
              () -> {
                try (Catalog catalog = catalogs.current(file(), registry)) {
                  for (int i = 0; i < 8; i++) {
                    new JobRecorder(catalog, Instant.now())
                        .record(
                            new JobRecorder.Request(
                                Optional.of("j1"),
                                Optional.empty(),
                                Map.of(writer == 0 ? "num_gpus" : "batch_size", "" + (i + 1)),
                                Optional.empty(),
                                Map.of("reward_mean", writer + i / 100.0),
                                Optional.of((long) i),
                                Optional.empty(),
                                List.of()));
                  }
                } catch (Exception | AssertionError e) {
                  failures.add(e);
                }
              }));
    }
    for (int t = 0; t < 10; t++) {
      threads.add(
          new Thread(
              () -> {
                try (Catalog catalog = catalogs.current(file(), registry)) {
                  for (int i = 0; i < 4; i++) {
                    catalog.refresh();
                    new CatalogJobs(catalog).find("j1");
                  }
                } catch (Exception | AssertionError e) {
                  failures.add(e);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures, empty());
    try (Catalog catalog = catalogs.current(file(), registry)) {
      CatalogJob job = new CatalogJobs(catalog).find("j1");
      assertThat(job.number("num_gpus"), is(Optional.of(8.0)));
      assertThat(job.number("batch_size"), is(Optional.of(8.0)));
      CatalogJobs.Metric reward = new CatalogJobs(catalog).metrics("j1").get(0);
      assertThat(reward.values(), is(16L));
      List<String> dump = Catalogs.dump(catalog);
      catalog.rebuild();
      assertThat(Catalogs.dump(catalog), equalTo(dump));
    }
  }
}
