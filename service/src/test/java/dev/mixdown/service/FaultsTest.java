package dev.mixdown.service;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.service.Client.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do to the service's files while it runs. */
class FaultsTest {
  @TempDir Path folder;
  private TestSite site;

  @BeforeEach
  void make() {
    site = new TestSite(folder);
  }

  @AfterEach
  void end() {
    site.close();
  }

  private static Path only(Path folder, String suffix) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  @Test
  void while_another_writes_the_catalog_questions_are_answered_and_writes_come_through_later()
      throws Exception {
    Client client = site.jobs(5).start();
    Path data = site.repository.resolve("data/new.jsonl");
    Files.writeString(data, "{\"a\":1}\n");
    Path catalog = only(folder.resolve("ws/catalog"), ".db");
    Thread snapshot;
    int[] status = {0};
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + catalog);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThat(client.get("/api/v1/jobs").json().path("total").asInt(), is(10));
      snapshot =
          new Thread(
              () -> {
                try {
                  status[0] =
                      site.client()
                          .post(
                              "/api/v1/dataset-versions/snapshot",
                              Map.of("file_path", data.toString()))
                          .status();
                } catch (Exception e) {
                  status[0] = -1;
                }
              });
      snapshot.start();
      Thread.sleep(700);
      assertThat("it waits", status[0], is(0));
      assertThat(client.get("/api/v1/jobs").status(), is(200));
      statement.execute("ROLLBACK");
    }
    snapshot.join(30_000);
    assertThat(status[0], is(200));
    assertThat(
        client.get("/api/v1/dataset-versions?dataset_name=new").json().path("total").asInt(),
        is(1));
  }

  @Test
  void a_repository_that_goes_and_comes_back_is_told_and_needs_no_restart() throws Exception {
    String id = site.prepare("pretraining");
    Client client = site.start();
    Path away = folder.resolve("away");
    Files.move(site.repository, away);
    Reply status = client.get("/api/v1/stages/status");
    assertThat(status.status(), is(in(List.of(422, 503))));
    assertThat(status.detail(), containsString(site.repository.toString()));
    Reply page = client.get("/");
    assertThat(page.status(), is(status.status()));
    assertThat(page.text(), containsString(site.repository.toString()));
    assertThat(client.get("/api/v1/manifests/" + id).status(), is(200));
    assertThat(
        "its records are gone",
        client.get("/api/v1/manifests/" + id + "/samples").status(),
        is(in(List.of(403, 422))));
    assertThat(client.get("/manifests/" + id).status(), is(200));
    Files.move(away, site.repository);
    assertThat(client.get("/api/v1/stages/status").status(), is(200));
  }

  @Test
  void a_full_disk_is_told_and_what_was_there_stays() throws Exception {
    Path full = Files.createDirectories(folder.resolve("ws"));
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=600k", "mixdown-test", full.toString()),
        "no disk of 600 kB can be mounted here");
    try {
      String id = site.prepare("pretraining");
      Client client = site.start();
      Path data = site.repository.resolve("data/much.jsonl");
      StringBuilder lines = new StringBuilder();
      Random random = new Random(3);
      for (int i = 0; i < 60_000; i++) {
        lines.append("{\"a\":").append(random.nextLong()).append("}\n");
      }
      Files.writeString(data, lines);
      Reply reply =
          client.post("/api/v1/dataset-versions/snapshot", Map.of("file_path", data.toString()));
      assertThat(reply.text(), reply.status(), is(503));
      assertThat(reply.text(), containsString("space"));
      assertThat(client.get("/api/v1/manifests/" + id).status(), is(200));
      assertThat(client.get("/manifests/" + id).status(), is(200));
    } finally {
      site.close();
      run("umount", "-l", full.toString());
    }
  }

  private static boolean run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void work_that_runs_when_the_service_ends_is_cancelled_and_recorded_as_failed() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 400_000; i++) {
      lines
          .append("{\"clip\":")
          .append(i)
          .append(",\"text\":\"")
          .append("x".repeat(60))
          .append("\"}\n");
    }
    Files.writeString(site.repository.resolve("data/many.jsonl"), lines);
    Files.writeString(
        site.repository.resolve("stages/evaluation.json"),
        """
        {"dataset_index": [{"name": "many", "obs_path": "data/many.jsonl", "bundle_versions": [],
          "duplicate": 50}]}
        """);
    Client client = site.start();
    String place = client.post("/api/v1/stages/evaluation/prepare", Map.of()).header("Location");
    String waiting = client.post("/api/v1/stages/pretraining/prepare", Map.of()).header("Location");
    for (int i = 0; i < 200; i++) {
      if (client.get(place).json().path("state").asText().equals("running")) {
        break;
      }
      Thread.sleep(10);
    }
    JsonNode cancelled = client.call("DELETE", waiting, null).json();
    assertThat(cancelled.path("state").asText(), is("cancelled"));
    long begin = System.nanoTime();
    site.close();
    assertThat((System.nanoTime() - begin) / 1e9, lessThan(25.0));
    assertThat(
        "nothing is half published",
        Files.exists(folder.resolve("out/evaluation/current.json")),
        is(false));
    assertThat("a second run makes it", site.prepare("evaluation").length(), is(20));
  }

  @Test
  void an_answer_that_nobody_expected_has_an_id_and_no_stack() throws Exception {
    Client client = site.jobs(0).start();
    site.service().site().catalog().database().close();
    Reply reply = client.get("/api/v1/jobs");
    assertThat(reply.status(), is(in(List.of(500, 503))));
    assertThat(reply.text(), not(containsString("at dev.mixdown")));
    assertThat(reply.text(), not(containsString("jdbc:")));
  }
}
