package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: kills, heaps, and a quiet pipe. */
class WholeProcessTest {
  @TempDir Path folder;

  private Process start(String heap, Object... args) throws IOException {
    return start(Map.of(), heap, args);
  }

  private Process start(Map<String, String> environment, String heap, Object... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:TieredStopAtLevel=" + (heap.equals("4g") ? "4" : "1"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.mixdown.cli.Mixdown"));
    for (Object arg : args) {
      command.add(arg.toString());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("process.log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void config(Path repo, String seed) throws IOException {
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "s", "stage_config": {"seed": %s, "rows_per_part": 20480}},
         "dataset_index": [{"name": "d", "obs_path": "data/", "duplicate": 10}]}
        """
            .formatted(seed));
  }

  @Test
  void killed_at_any_moment_a_run_leaves_the_old_manifest_or_the_new_one() throws Exception {
    Path repo = folder.resolve("repo");
    for (int shard = 0; shard < 8; shard++) {
      TestFiles.write(
          repo.resolve("data/" + shard + ".jsonl"), TestFiles.lines("s" + shard, 4_000));
    }
    Path workspace = folder.resolve("workspace");
    Path out = folder.resolve("out");
    config(repo, "1");
    run("1g", "prepare", "--repo", repo, "--output", out, "--workspace", workspace);
    String old = TestFiles.current(out.resolve("s")).getFileName().toString();

    // What the interrupted runs have to end with, made somewhere else; and how long that takes.
    config(repo, "2");
    Path elsewhere = folder.resolve("elsewhere");
    long begin = System.nanoTime();
    run(
        "1g",
        "prepare",
        "--repo",
        repo,
        "--output",
        elsewhere,
        "--workspace",
        folder.resolve("w2"));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    Path expected = TestFiles.current(elsewhere.resolve("s"));
    Map<String, String> parts = TestFiles.parts(expected);
    byte[] manifest = Files.readAllBytes(expected.resolve("manifest.json"));

    for (int moment = 1; moment <= 12; moment++) {
      // A workspace each, so that moments fall into the reading as well as into the writing.
      Path cold = folder.resolve("cold" + moment);
      long delay = millis * moment / 12;
      while (!killed(delay, repo, out, cold)) {
        // It was done before: from the old manifest again, and killed earlier.
        Path done = TestFiles.current(out.resolve("s"));
        assertThat(done.getFileName(), is(expected.getFileName()));
        config(repo, "1");
        run("1g", "prepare", "--repo", repo, "--output", out, "--workspace", workspace);
        config(repo, "2");
        remove(done);
        delay = delay / 2;
      }
      Path current = TestFiles.current(out.resolve("s"));
      assertThat(
          current.getFileName().toString(), anyOf(is(old), is(expected.getFileName().toString())));
      assertThat(Cli.plain("verify", current.toString()).code(), is(0));
    }
    run("1g", "prepare", "--repo", repo, "--output", out, "--workspace", workspace);
    Path current = TestFiles.current(out.resolve("s"));
    assertThat(current.getFileName(), is(expected.getFileName()));
    assertThat(TestFiles.parts(current), is(parts));
    assertThat(Files.readAllBytes(current.resolve("manifest.json")), is(manifest));
    try (var files = Files.list(current)) {
      assertThat(files.filter(f -> f.toString().endsWith(".draft")).count(), is(0L));
    }
  }

  @Test
  void a_run_that_is_asked_to_end_says_what_is_kept_and_is_recorded_as_failed() throws Exception {
    Path repo = folder.resolve("repo");
    for (int shard = 0; shard < 4; shard++) {
      TestFiles.write(
          repo.resolve("data/" + shard + ".jsonl"), TestFiles.lines("s" + shard, 100_000));
    }
    config(repo, "1");
    Path out = folder.resolve("out");
    Process process =
        start("2g", "prepare", "--repo", repo, "--output", out, "--workspace", folder.resolve("w"));
    Path runs = out.resolve("registry");
    while (process.isAlive() && !Files.isDirectory(runs)) {
      Thread.sleep(20);
    }
    process.destroy();
    assertThat(process.waitFor(), is(143));
    String log = Files.readString(folder.resolve("process.log"), StandardCharsets.UTF_8);
    assertThat(log, containsString("mixdown: interrupted; the manifest that was current still is"));
    assertThat(log, containsString("Run the same command again to go on"));
    try (var files = Files.walk(runs)) {
      assertThat(
          files
              .filter(Files::isRegularFile)
              .anyMatch(file -> TestFiles.text(file).contains("interrupted by a signal")),
          is(true));
    }
  }

  @Test
  void preview_and_report_warn_of_a_store_that_does_not_answer_and_wait_for_it_once()
      throws Exception {
    Path repo = folder.resolve("repo");
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"dataset_index": [{"name": "a", "obs_path": "s3://bucket/a.jsonl"},
                           {"name": "b", "obs_path": "s3://bucket/b.jsonl"}]}
        """);
    try (ServerSocket silent = new ServerSocket(0)) {
      Map<String, String> environment =
          Map.of(
              "AWS_ENDPOINT_URL_S3",
              "http://127.0.0.1:" + silent.getLocalPort(),
              "AWS_REGION",
              "x",
              "AWS_ACCESS_KEY_ID",
              "x",
              "AWS_SECRET_ACCESS_KEY",
              "x");
      for (String command : List.of("preview", "report", "validate-config")) {
        long begin = System.nanoTime();
        Process process = start(environment, "1g", "stage", command, "--repo", repo);
        assertThat(process.waitFor(40, TimeUnit.SECONDS), is(true));
        String log = Files.readString(folder.resolve("process.log"), StandardCharsets.UTF_8);
        assertThat(command + log, process.exitValue(), is(0));
        assertThat(log, containsString("no answer in 10 seconds"));
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        assertThat(command + " " + seconds, seconds < 19, is(true));
      }
    }
  }

  /** Starts a run and kills it after a while; false when it was done before. */
  private boolean killed(long delay, Path repo, Path out, Path workspace) throws Exception {
    Process process =
        start("1g", "prepare", "--repo", repo, "--output", out, "--workspace", workspace);
    boolean done = process.waitFor(delay, TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    return !done;
  }

  private static void remove(Path manifest) throws IOException {
    try (var files = Files.walk(manifest)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private String run(String heap, Object... args) throws Exception {
    Process process = start(heap, args);
    int code = process.waitFor();
    String log = Files.readString(folder.resolve("process.log"), StandardCharsets.UTF_8);
    assertThat(log, code, is(0));
    return log;
  }

  @Test
  void ten_million_samples_are_prepared_in_a_heap_of_4_gib_and_a_pipe_sees_no_progress()
      throws Exception {
    Path repo = folder.resolve("repo");
    for (int shard = 0; shard < 5; shard++) {
      TestFiles.write(
          repo.resolve("data/" + shard + ".jsonl"), TestFiles.lines("s" + shard, 50_000));
    }
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "big"}, "dataset_index": [
          {"name": "d", "obs_path": "data/", "duplicate": 40}]}
        """);
    Path out = folder.resolve("out");
    String log =
        run("4g", "prepare", "--repo", repo, "--output", out, "--workspace", folder.resolve("w"));
    assertThat(log, containsString("10,000,000"));
    assertThat(log.lines().count(), is(5L));
    assertThat(log.contains("Reading"), is(false));
  }
}
