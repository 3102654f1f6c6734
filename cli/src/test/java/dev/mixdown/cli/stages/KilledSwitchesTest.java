package dev.mixdown.cli.stages;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switches in processes of their own: killed at any moment, and several at once. */
class KilledSwitchesTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  private Process start(Path repo, String stage) throws IOException {
    return new ProcessBuilder(
            folder.resolve("mixdown").toString(),
            "stage",
            "switch-stage",
            stage,
            "--repo",
            repo.toString())
        .redirectErrorStream(true)
        .start();
  }

  private static ActiveStage active(Path repo) throws IOException {
    Problems problems = new Problems();
    ActiveStage active =
        new ReleaseRepository(STORAGE, repo.toString(), Map.of()).active(problems).orElseThrow();
    problems.throwIfAny();
    return active;
  }

  private static List<JsonNode> log(Path repo) throws IOException {
    Path log = repo.resolve("logs/stage_switch.jsonl");
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
      lines.add(Json.read(line.getBytes(StandardCharsets.UTF_8)));
    }
    return lines;
  }

  @Test
  void a_switch_that_is_killed_was_made_or_was_not_and_no_line_of_the_log_is_lost()
      throws Exception {
    TestFiles.launcher(folder);
    Path repo = TestFiles.copyOfDemo(folder.resolve("repo"));
    Random random = new Random(2);
    long begin = System.nanoTime();
    start(repo, "finetuning").waitFor();
    long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    int killed = 0;
    for (int round = 0; round < 25; round++) {
      String before = active(repo).stage().orElseThrow();
      int entries = active(repo).history().size();
      String target = before.equals("evaluation") ? "finetuning" : "evaluation";
      Process process = start(repo, target);
      // Mostly near the end, where the files are written.
      if (!process.waitFor(whole * (40 + random.nextInt(65)) / 100, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        killed++;
      }
      ActiveStage now = active(repo);
      boolean made = now.stage().orElseThrow().equals(target);
      assertThat(now.history().size(), is(made ? entries + 1 : entries));
      assertThat(now.history().get(now.history().size() - 1).stage(), is(now.stage()));
    }
    assertThat(killed, greaterThan(3));
    // The next switch completes the log: every entry of the history but the first was a switch.
    assertThat(
        Cli.plain("stage", "switch-stage", "online_learning", "--repo", repo.toString()).code(),
        is(0));
    ActiveStage last = active(repo);
    assertThat(
        log(repo).stream().map(line -> line.get("to_stage").asText()).toList(),
        is(last.history().stream().skip(1).map(entry -> entry.stage().orElseThrow()).toList()));
  }

  @Test
  void of_processes_that_switch_at_once_those_that_lose_say_so() throws Exception {
    TestFiles.launcher(folder);
    Path repo = TestFiles.copyOfDemo(folder.resolve("repo"));
    for (int round = 0; round < 3; round++) {
      int entries = active(repo).history().size();
      List<Process> processes = new ArrayList<>();
      for (String stage : List.of("finetuning", "evaluation", "online_learning", "ab_testing")) {
        processes.add(start(repo, stage));
      }
      int won = 0;
      for (Process process : processes) {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        boolean lost = said.contains("another process switched at the same time");
        assertThat(said, code, is(lost ? 1 : 0));
        won += said.startsWith("Switched") ? 1 : 0;
      }
      assertThat(active(repo).history().size(), is(entries + won));
      assertThat(won, lessThanOrEqualTo(4));
      assertThat(won, greaterThan(0));
    }
    assertThat(log(repo).size(), is(active(repo).history().size() - 1));
  }
}
