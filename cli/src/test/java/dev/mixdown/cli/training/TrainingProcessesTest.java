package dev.mixdown.cli.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.registry.Schemas;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories that many processes write to at once, and that are killed at any moment. */
class TrainingProcessesTest {
  @TempDir Path folder;

  private Process start(int first, int count) throws IOException {
    return new ProcessBuilder(
            "java",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            Appender.class.getName(),
            folder.resolve("art/training_info.json").toString(),
            folder.resolve("registry").toString(),
            String.valueOf(first),
            String.valueOf(count))
        .redirectError(folder.resolve("errors-" + first).toFile())
        .redirectOutput(folder.resolve("told-" + first).toFile())
        .start();
  }

  private JsonNode history() throws IOException {
    return Json.read(Files.readAllBytes(folder.resolve("art/training_info.json")));
  }

  private static Set<Long> steps(JsonNode history) {
    Set<Long> steps = new HashSet<>();
    history.get("training_history").forEach(entry -> steps.add(entry.get("steps").asLong()));
    return steps;
  }

  @Test
  void a_thousand_appends_by_eight_processes_are_a_thousand_entries() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int p = 0; p < 8; p++) {
      processes.add(start(p * 125, 125));
    }
    for (Process process : processes) {
      assertThat(process.waitFor(5, TimeUnit.MINUTES), is(true));
      assertThat(process.exitValue(), is(0));
    }
    JsonNode history = history();
    assertThat(history.get("training_history").size(), is(1000));
    assertThat(steps(history).size(), is(1000));
    assertThat(history.get("total_steps").asLong(), is(999L * 1000 / 2));
    assertThat(Schemas.files(folder.resolve("registry/trainings")).size(), is(1000));
    Schemas.checkHistory(folder.resolve("art/training_info.json"));
  }

  @Test
  void processes_that_are_killed_leave_whole_files_and_lose_nothing_they_told_of()
      throws Exception {
    Random random = new Random(5);
    int killed = 0;
    for (int round = 0; round < 12; round++) {
      Process process = start(round * 1000, 1000);
      Path told = folder.resolve("told-" + round * 1000);
      while (process.isAlive() && Files.size(told) < 4) {
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(150));
      process.destroyForcibly().waitFor();
      killed += process.exitValue() == 137 ? 1 : 0;

      Set<Long> there = steps(history());
      for (String line : Files.readString(told, StandardCharsets.UTF_8).lines().toList()) {
        assertThat(there.contains(Long.parseLong(line)), is(true));
      }
      assertThat(
          history().get("total_steps").asLong(),
          is(there.stream().mapToLong(Long::longValue).sum()));
    }
    assertThat(killed, greaterThan(8));

    // The next append records what a killed one could not.
    assertThat(start(99_000, 1).waitFor(), is(0));
    assertThat(
        Schemas.files(folder.resolve("registry/trainings")).size(), is(steps(history()).size()));
    Schemas.check(folder.resolve("registry"));
  }
}
