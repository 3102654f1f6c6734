package dev.mixdown.registry.imports;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.registry.DatasetVersion;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.Samples;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogJobs;
import dev.mixdown.registry.catalog.Catalogs;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.databases.DatabaseException;
import dev.mixdown.registry.imports.PlatformImport.Numbers;
import dev.mixdown.registry.imports.PlatformImport.Outcome;
import dev.mixdown.registry.imports.PlatformImport.Request;
import dev.mixdown.registry.jobs.Job;
import dev.mixdown.registry.jobs.JobConfig;
import dev.mixdown.registry.platform.PlatformDatabase;
import dev.mixdown.registry.platform.PlatformDatabase.JobRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformImportTest {
  @TempDir Path folder;

  private Catalogs catalogs;
  private Registry registry;
  private PlatformDatabase platform;

  @BeforeEach
  void begin() {
    catalogs = new Catalogs(folder);
    registry = catalogs.registry("registry");
    platform = PlatformDatabase.sqlite(folder.resolve("platform.db"));
  }

  private Catalog catalog() throws IOException {
    return catalogs.current(
        DatabaseAddress.of(folder.resolve("catalog.db").toString(), Optional.empty()), registry);
  }

  private Outcome imported(Catalog catalog) throws IOException {
    return PlatformImport.run(catalog, new Request(platform.address(), false, Map.of()));
  }

  @Test
  void the_platforms_database_comes_in_once_into_either_catalog() throws IOException {
    Path real =
        Path.of(System.getProperty("mixdown.root"))
            .resolve("../shared/data/platform/training_platform.db")
            .normalize();
    assumeTrue(Files.exists(real), "../shared/data is not there");
    Request request =
        new Request(DatabaseAddress.of(real.toString(), Optional.empty()), false, Map.of());
    List<List<String>> answers = new ArrayList<>();
    for (DatabaseAddress address : catalogs.empty()) {
      Registry fresh = catalogs.registry("registry-" + address.dialect());
      try (Catalog catalog = catalogs.current(address, fresh)) {
        Outcome first = PlatformImport.run(catalog, request);
        assertThat(first.jobs(), is(new Numbers(56, 56, 0)));
        assertThat(first.metrics(), is(new Numbers(250, 250, 0)));
        assertThat(
            first.unread().stream().map(Object::toString).toList(),
            contains(
                "training_jobs row 4, status is \"GRADUATED\", a word that no program knows; the job"
                    + " ede26c2e counts nowhere"));
        Outcome second = PlatformImport.run(catalog, request);
        assertThat(second.jobs(), is(new Numbers(56, 0, 0)));
        assertThat(second.metrics(), is(new Numbers(250, 0, 0)));
        List<String> dump = Catalogs.dump(catalog);
        catalog.rebuild();
        assertThat(Catalogs.dump(catalog), equalTo(dump));
        answers.add(
            dump.stream().filter(line -> line.contains("\"table\":\"training_")).sorted().toList());
      }
    }
    assertThat(answers.get(0).size(), is(answers.get(1).size()));
  }

  @Test
  void sqlite_and_postgresql_sources_give_the_same_jobs() throws IOException {
    PlatformDatabase other = PlatformDatabase.postgresql();
    platform.addRandom(11, 60);
    other.addRandom(11, 60);
    try (Catalog catalog = catalog()) {
      Outcome first = imported(catalog);
      assertThat(first.jobs(), is(new Numbers(60, 60, 0)));
      Outcome second = PlatformImport.run(catalog, new Request(other.address(), false, Map.of()));
      assertThat(second.jobs(), is(new Numbers(60, 0, 0)));
      assertThat(second.metrics().fresh() + second.metrics().changed(), is(0L));
    }
  }

  @Test
  void a_job_in_the_catalog_is_trained_with_what_its_reports_say() throws IOException {
    platform.addRandom(12, 40);
    for (DatabaseAddress address : catalogs.empty()) {
      Registry fresh = catalogs.registry("registry-" + address.dialect());
      try (Catalog catalog = catalogs.current(address, fresh)) {
        PlatformImport.run(catalog, new Request(platform.address(), false, Map.of()));
        for (String uuid : platform.ask("SELECT uuid FROM training_jobs")) {
          Job reported = new Job(uuid, catalog.report(uuid).orElseThrow().row());
          assertThat(
              JobConfig.of(catalog.job(uuid).orElseThrow()).config().toString(),
              is(JobConfig.of(reported).config().toString()));
        }
      }
    }
  }

  @Test
  void what_is_new_or_changed_is_added_and_nothing_else() throws IOException {
    platform.addRandom(5, 30);
    JobRow row = new JobRow();
    row.status = "RUNNING";
    platform.add(row);
    platform.addMetric(row.uuid, 0, "0.5", "1.5", "NULL");
    platform.addMetric(row.uuid, 100, "0.6", "1.4", "NULL");
    try (Catalog catalog = catalog()) {
      imported(catalog);
      platform.addMetric(row.uuid, 200, "0.7", "1.3", "NULL");
      Outcome appended = imported(catalog);
      assertThat(appended.jobs(), is(new Numbers(31, 0, 0)));
      assertThat(appended.metrics().fresh(), is(1L));
      platform.execute(
          "UPDATE training_jobs SET status = 'FAILED', updated_at = '2026-01-09 00:00:00.000000'"
              + " WHERE uuid = 'aaaa0001'");
      Outcome changed = imported(catalog);
      assertThat(changed.jobs(), is(new Numbers(31, 0, 1)));
      assertThat(new CatalogJobs(catalog).find("aaaa0001").status(), is("failed"));
      platform.execute(
          "UPDATE training_metrics SET reward_mean = 0.9 WHERE step = 100 AND job_uuid = 'aaaa0001'");
      Outcome rewritten = imported(catalog);
      assertThat(rewritten.metrics().changed(), is(3L));
      CatalogJobs.Metric reward =
          new CatalogJobs(catalog)
              .metrics("aaaa0001").stream()
                  .filter(metric -> metric.name().equals("reward_mean"))
                  .findFirst()
                  .orElseThrow();
      assertThat(reward.highest(), is(0.9));
      assertThat(reward.values(), is(3L));
      List<String> dump = Catalogs.dump(catalog);
      catalog.rebuild();
      assertThat(Catalogs.dump(catalog), equalTo(dump));
    }
  }

  @Test
  void an_older_copy_of_the_database_changes_nothing_back() throws IOException {
    platform.addRandom(6, 10);
    platform.add(new JobRow());
    PlatformDatabase older = PlatformDatabase.sqlite(folder.resolve("older.db"));
    JobRow before = new JobRow();
    before.status = "RUNNING";
    before.updatedAt = "2026-01-07 09:00:00.000000";
    older.add(before);
    try (Catalog catalog = catalog()) {
      imported(catalog);
      PlatformImport.run(catalog, new Request(older.address(), false, Map.of()));
      assertThat(new CatalogJobs(catalog).find("aaaa0001").status(), is("completed"));
    }
  }

  @Test
  void a_dry_run_writes_nothing() throws IOException {
    platform.addRandom(7, 10);
    try (Catalog catalog = catalog()) {
      Outcome outcome =
          PlatformImport.run(catalog, new Request(platform.address(), true, Map.of()));
      assertThat(outcome.jobs(), is(new Numbers(10, 10, 0)));
      assertThat(registry.ids(EntryKind.JOBS), empty());
    }
  }

  @Test
  void what_stands_in_a_cell_and_should_not_is_named_and_the_rest_comes_in() throws IOException {
    JobRow row = new JobRow();
    platform.add(row);
    Map<String, String> broken =
        Map.of(
            "batch_size", "'many'",
            "learning_rate", "'fast'",
            "num_epochs", "1.5",
            "lora_enabled", "'perhaps'",
            "created_at", "'last week'",
            "max_steps", "x'ff00ff'",
            "completed_at", "'2026-13-45 00:00:00.000000'",
            "context_length", "''");
    broken.forEach(
        (column, value) -> platform.execute("UPDATE training_jobs SET " + column + " = " + value));
    try (Catalog catalog = catalog()) {
      Outcome outcome = imported(catalog);
      List<String> told = outcome.unread().stream().map(Object::toString).toList();
      assertThat(told.size(), is(broken.size()));
      for (String column : broken.keySet()) {
        assertThat(told, hasItem(containsString("training_jobs row 1, " + column + " ")));
      }
      assertThat(
          told, hasItem("training_jobs row 1, batch_size is \"many\"; a whole number is expected"));
      assertThat(told, hasItem("training_jobs row 1, max_steps holds 3 bytes that are not text"));
      assertThat(
          new CatalogJobs(catalog).find(row.uuid).numbers().containsKey("batch_size"), is(false));
      assertThat(new CatalogJobs(catalog).find(row.uuid).number("num_gpus"), is(Optional.of(8.0)));
    }
  }

  @Test
  void rows_that_are_no_rows_are_named() throws IOException {
    platform.add(new JobRow());
    platform.addMetric("nobody", 1, "1", "1", "NULL");
    platform.execute("PRAGMA ignore_check_constraints = 1");
    JobRow blank = new JobRow();
    blank.uuid = "";
    platform.add(blank);
    try (Catalog catalog = catalog()) {
      Outcome outcome = imported(catalog);
      assertThat(
          outcome.unread().stream().map(Object::toString).toList(),
          contains(
              "training_jobs row 2 has no uuid; it was left out",
              "training_metrics row 1, job_uuid is nobody, and there is no such job; the row was left"
                  + " out"));
      assertThat(outcome.jobs().fresh(), is(1L));
    }
  }

  @Test
  void json_columns_may_hold_anything_and_secrets_stay_out() throws IOException {
    List<String> configs =
        List.of(
            "'not json'",
            "'[1, 2]'",
            "'\"text\"'",
            "'NaN'",
            "'{\"a\": Infinity}'",
            "''",
            "17",
            "'{\"hub_token\": \"hf_planted\", \"lr\": 1e-5}'");
    for (int i = 0; i < configs.size(); i++) {
      JobRow row = new JobRow();
      row.uuid = "cccc000" + i;
      row.config = configs.get(i);
      platform.add(row);
    }
    try (Catalog catalog = catalog()) {
      assertThat(imported(catalog).jobs().fresh(), is((long) configs.size()));
      List<String> dump = Catalogs.dump(catalog);
      assertThat(String.join("\n", dump), not(containsString("hf_planted")));
      catalog.rebuild();
      assertThat(Catalogs.dump(catalog), equalTo(dump));
      for (String id : registry.ids(EntryKind.JOBS)) {
        assertThat(
            Files.readString(Path.of(registry.path(EntryKind.JOBS, id))),
            not(containsString("hf_planted")));
      }
    }
  }

  @Test
  void times_status_and_config_are_kept_as_they_were() throws IOException {
    JobRow row = new JobRow();
    row.createdAt = "2026-01-07 08:36:17";
    row.config = "'{\"recipe\": \"grpo_basic\", \"note\": \"试验\"}'";
    platform.add(row);
    try (Catalog catalog = catalog()) {
      imported(catalog);
      assertThat(
          catalog
              .database()
              .read(
                  handle ->
                      handle
                          .createQuery(
                              "SELECT created_at || ' ' || status || ' ' || config FROM"
                                  + " training_jobs")
                          .mapTo(String.class)
                          .one()),
          is("2026-01-07 08:36:17 COMPLETED {\"recipe\":\"grpo_basic\",\"note\":\"试验\"}"));
    }
  }

  private void addVersions() {
    platform.execute(
        "CREATE TABLE dataset_versions (id INTEGER NOT NULL PRIMARY KEY, dataset_name VARCHAR,"
            + " file_path VARCHAR, file_hash VARCHAR UNIQUE, hash_algorithm VARCHAR DEFAULT"
            + " 'sha256', file_size INTEGER, file_size_mb FLOAT, format VARCHAR, num_samples"
            + " INTEGER, description VARCHAR, tags JSON DEFAULT '[]', created_at DATETIME,"
            + " modified_at DATETIME)");
  }

  @Test
  void dataset_versions_come_in_and_jobs_are_joined_to_them() throws IOException {
    addVersions();
    String hash = Samples.hash("chat");
    platform.execute(
        "INSERT INTO dataset_versions VALUES (7, 'chat', '/data/chat.jsonl', '"
            + hash
            + "', 'sha256', 100, 0.0001, 'jsonl', NULL, 'words', '[\"golden\"]',"
            + " '2026-01-01 00:00:00.000001', '2025-12-31 00:00:00.000000')");
    platform.execute(
        "INSERT INTO dataset_versions VALUES (8, 'old', '/data/old', 'd41d8cd98f00b204e9800998ecf8427e',"
            + " 'md5', 1, 1, 'jsonl', 1, NULL, '[]', '2026-01-01 00:00:00.000000', NULL)");
    platform.add(new JobRow());
    try (Catalog catalog = catalog()) {
      Outcome outcome = imported(catalog);
      assertThat(outcome.versions(), is(new Numbers(2, 1, 0)));
      assertThat(outcome.joined(), is(1L));
      assertThat(
          outcome.joins().get(0).reason(),
          is("chat, it names /data/chat.jsonl, unchanged since 2025-12-31T00:00:00Z"));
      assertThat(
          outcome.unread().get(0).toString(),
          is(
              "dataset_versions row 8, file_hash is d41d8cd98f00b204e9800998ecf8427e (md5), which is"
                  + " not a SHA-256; the row was left out"));
      DatasetVersion version =
          registry.readAll(EntryKind.VERSION, registry.ids(EntryKind.VERSION)).get(0);
      assertThat(version.records(), is(DatasetVersion.UNKNOWN));
      assertThat(version.createdAt(), is("2026-01-01T00:00:00.000001Z"));
      assertThat(version.tags(), contains("golden"));
      assertThat(version.importedFrom(), is(platform.address().toString()));
      assertThat(
          catalog
              .database()
              .read(
                  handle ->
                      handle
                          .createQuery("SELECT dataset_version_hash FROM training_jobs")
                          .mapTo(String.class)
                          .one()),
          is(hash));
      assertThat(imported(catalog).jobs(), is(new Numbers(1, 0, 0)));
    }
  }

  @Test
  void a_job_is_joined_when_its_version_becomes_known_later() throws IOException {
    platform.add(new JobRow());
    try (Catalog catalog = catalog()) {
      assertThat(imported(catalog).joined(), is(0L));
      registry.add(Samples.version("chat", "chat content", "2025-01-01T00:00:00Z"));
      Outcome later = imported(catalog);
      assertThat(later.joined(), is(1L));
      assertThat(later.jobs(), is(new Numbers(1, 0, 1)));
      assertThat(imported(catalog).jobs(), is(new Numbers(1, 0, 0)));
    }
  }

  @Test
  void a_job_is_joined_by_content_and_by_name_where_its_path_says_nothing() throws IOException {
    Path moved = Files.writeString(folder.resolve("moved.jsonl"), "chat content");
    Files.setLastModifiedTime(
        moved,
        java.nio.file.attribute.FileTime.from(java.time.Instant.parse("2025-06-01T00:00:00Z")));
    registry.add(Samples.version("talk", "chat content", "2025-01-01T00:00:00Z"));
    registry.add(Samples.version("pairs", "other", "2025-01-01T00:00:00Z"));
    JobRow content = new JobRow();
    content.data = "/elsewhere/moved.jsonl";
    platform.add(content);
    JobRow name = new JobRow();
    name.uuid = "aaaa0002";
    name.data = "/gone/pairs.csv";
    platform.add(name);
    try (Catalog catalog = catalog()) {
      Outcome outcome =
          PlatformImport.run(
              catalog,
              new Request(platform.address(), false, Map.of("/elsewhere", folder.toString())));
      assertThat(outcome.joined(), is(2L));
      assertThat(
          outcome.joins().get(0).reason(),
          allOf(containsString("talk, "), containsString("has its content, unchanged since")));
      assertThat(outcome.joins().get(1).reason(), containsString("it trained on \"pairs\""));
    }
  }

  @Test
  void what_is_no_platforms_database_is_refused() throws IOException {
    Path none = folder.resolve("none.db");
    Path text =
        Files.writeString(folder.resolve("text.db"), "this is a text, and no database at all");
    Path empty = Files.createFile(folder.resolve("empty.db"));
    try (Catalog catalog = catalog()) {
      assertThat(refused(catalog, none), containsString("there is no such file"));
      assertThat(refused(catalog, text), containsString("not a database"));
      assertThat(refused(catalog, empty), containsString("has no table training_jobs"));
    }
  }

  private String refused(Catalog catalog, Path file) {
    Request request =
        new Request(DatabaseAddress.of(file.toString(), Optional.empty()), false, Map.of());
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> PlatformImport.run(catalog, request));
    assertThat(e instanceof ConfigException || e instanceof DatabaseException, is(true));
    return e.getMessage();
  }
}
