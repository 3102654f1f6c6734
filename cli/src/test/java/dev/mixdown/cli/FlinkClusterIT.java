package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.objects.FaultyNetwork;
import dev.mixdown.storage.objects.FaultyNetwork.Fault;
import dev.mixdown.storage.objects.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release in an object store, prepared by a real Flink cluster of which workers are killed. The
 * real datasets where they are there, generated ones else.
 */
class FlinkClusterIT {
  private static final String BUCKET = "s3://training-data";

  @TempDir Path folder;

  private String config(String data) throws IOException {
    Path real = TestFiles.root().resolve("../shared/data").normalize();
    if (!Files.isDirectory(real)) {
      for (int i = 0; i < 12; i++) {
        TestFiles.write(
            folder.resolve("data/t0/part %02d.jsonl".formatted(i)), TestFiles.lines("t" + i, 900));
      }
      return index(data, List.of("t0/"));
    }
    for (String file :
        List.of(
            "gsm8k/train.jsonl",
            "humaneval/HumanEval.jsonl.gz",
            "parquet/delta_byte_array.parquet",
            "csv/delta_byte_array_expect.csv")) {
      copy(real.resolve(file), folder.resolve("data").resolve(file));
    }
    try (Stream<Path> files = Files.list(real.resolve("t0"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        copy(file, folder.resolve("data/t0").resolve(file.getFileName().toString()));
      }
    }
    return index(data, List.of("gsm8k/", "humaneval/", "parquet/", "csv/", "t0/"));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  private static String index(String data, List<String> datasets) {
    List<String> entries = new ArrayList<>();
    for (String dataset : datasets) {
      entries.add(
          "{\"name\": \"%s\", \"obs_path\": \"%s/%s\", \"duplicate\": 2.5}"
              .formatted(dataset.replace("/", ""), data, dataset));
    }
    return """
    {"meta": {"stage": "real", "stage_config": {"seed": 11, "shuffle_block": 64, "rows_per_part": 1024}},
     "dataset_index": [%s]}
    """
        .formatted(String.join(",\n", entries));
  }

  @Test
  void a_cluster_that_loses_workers_in_every_step_writes_the_bytes_of_the_direct_runner()
      throws Exception {
    TestFiles.write(
        folder.resolve("release/training_dataset.json"), config(folder.resolve("data").toString()));
    Cli.Result direct =
        new Cli(folder.resolve("workspace"))
            .run("prepare", "--repo", folder.resolve("release"), "--output", folder.resolve("out"));
    assertThat(direct.err(), direct.code(), is(0));
    Path expected = TestFiles.current(folder.resolve("out/real"));
    Map<String, String> parts = TestFiles.parts(expected);
    assertThat(parts.size(), greaterThan(8));

    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("s3")), true);
        FaultyNetwork network = new FaultyNetwork(server.port());
        StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"))) {
      cluster.startTaskManager();
      cluster.startTaskManager();
      server.makeBucket("training-data");
      Map<String, String> environment = S3Server.environment(server.endpoint(), server.endpoint());
      Storage storage = Storage.of(environment);
      upload(storage);
      cluster.waitForTaskManagers(2);

      Moment inspecting = new Moment("GET /training-data/data/t0/");
      Moment writing =
          new Moment("PUT /training-data/out/real/" + expected.getFileName() + "/part-00003");
      network.faults(
          request -> {
            inspecting.reached(request);
            writing.reached(request);
            return Fault.NONE;
          });
      Process launcher = prepare(network.endpoint(), cluster.master());
      inspecting.await(launcher, folder.resolve("launcher.log"));
      cluster.killTaskManager(0);
      cluster.startTaskManager();
      inspecting.passed();
      writing.await(launcher, folder.resolve("launcher.log"));
      cluster.killTaskManager(1);
      cluster.startTaskManager();
      writing.passed();
      assertThat(log(), launcher.waitFor(3, TimeUnit.MINUTES), is(true));
      assertThat(log(), launcher.exitValue(), is(0));

      String manifest = BUCKET + "/out/real/" + expected.getFileName();
      for (Map.Entry<String, String> part : parts.entrySet()) {
        Path copy = folder.resolve("copy");
        Files.write(copy, storage.read(manifest + "/" + part.getKey()).orElseThrow());
        assertThat(part.getKey(), TestFiles.sha256(copy), is(part.getValue()));
      }
      assertThat(Cli.plain(environment, "verify", BUCKET + "/out/real", "--deep").code(), is(0));
      searchForTheSecret(storage, cluster);
    }
  }

  /** A request that waits until the test has done something. */
  private static final class Moment {
    private final String begin;
    private final AtomicReference<String> first = new AtomicReference<>();
    private final CountDownLatch there = new CountDownLatch(1);
    private final CountDownLatch passed = new CountDownLatch(1);

    Moment(String begin) {
      this.begin = begin;
    }

    void reached(String request) {
      if (request.startsWith(begin) && first.compareAndSet(null, request)) {
        there.countDown();
        try {
          passed.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    void await(Process launcher, Path log) throws Exception {
      while (!there.await(100, TimeUnit.MILLISECONDS)) {
        if (!launcher.isAlive()) {
          throw new IllegalStateException("no " + begin + ": " + Files.readString(log));
        }
      }
    }

    void passed() {
      passed.countDown();
    }
  }

  private void upload(Storage storage) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        storage.write(
            BUCKET + "/data/" + folder.resolve("data").relativize(file), Files.readAllBytes(file));
      }
    }
    String config =
        Files.readString(folder.resolve("release/training_dataset.json"))
            .replace(folder.resolve("data").toString(), BUCKET + "/data");
    storage.write(
        BUCKET + "/release/training_dataset.json", config.getBytes(StandardCharsets.UTF_8));
  }

  private Process prepare(String endpoint, String master) throws IOException {
    Path target = TestFiles.root().resolve("cli/target");
    ProcessBuilder builder =
        new ProcessBuilder(
            "java",
            "-cp",
            target.resolve("mixdown.jar") + ":" + target.resolve("lib") + "/*",
            "dev.mixdown.cli.Mixdown",
            "prepare",
            "--repo",
            BUCKET + "/release",
            "--workspace",
            BUCKET + "/workspace",
            "--output",
            BUCKET + "/out",
            "--runner",
            "flink",
            "--parallelism",
            "4",
            "--",
            "--flinkMaster=" + master);
    // The workers are not told: they learn it from the job.
    builder.environment().put("AWS_ENDPOINT_URL_S3", endpoint);
    builder.environment().put("MIXDOWN_LOG", "INFO");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("launcher.log").toFile())
        .start();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("launcher.log"));
  }

  /** In all that was written: objects, logs, and what the cluster's pages show of the jobs. */
  private void searchForTheSecret(Storage storage, StandaloneCluster cluster) throws Exception {
    List<String> found = new ArrayList<>();
    for (FileInfo object : storage.match(BUCKET + "/").files()) {
      search(object.path(), storage.read(object.path()).orElseThrow(), found);
    }
    for (Path root : List.of(folder.resolve("cluster"), folder.resolve("launcher.log"))) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          search(file.toString(), Files.readAllBytes(file), found);
        }
      }
    }
    JsonNode jobs = Json.read(cluster.get("/jobs").getBytes(StandardCharsets.UTF_8)).path("jobs");
    assertThat(jobs.size(), is(2));
    for (JsonNode job : jobs) {
      for (String page : List.of("", "/config", "/plan", "/exceptions", "/accumulators")) {
        String path = "/jobs/" + job.path("id").asText() + page;
        String text = cluster.get(path);
        search(path, text.getBytes(StandardCharsets.UTF_8), found);
        if (page.equals("/config")) {
          // So that this search is one: the job's options are on this page.
          assertThat(text, containsString("executionModeForBatch"));
        }
      }
    }
    assertThat(found, is(empty()));
    assertThat(log(), not(containsString(S3Server.KEY)));
  }

  private static void search(String name, byte[] bytes, List<String> found) {
    if (new String(bytes, StandardCharsets.ISO_8859_1).contains(S3Server.SECRET)) {
      found.add(name);
    }
  }
}
