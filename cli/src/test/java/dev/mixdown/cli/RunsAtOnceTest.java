package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.storage.objects.FaultyNetwork;
import dev.mixdown.storage.objects.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a run needs belongs to the process: two in one do not see one another. */
class RunsAtOnceTest {
  private static final String CONFIG =
      """
      {"meta": {"stage": "s", "stage_config": {"shuffle_block": 16, "rows_per_part": 480}},
       "dataset_index": [
        {"name": "a", "obs_path": "data/a-*.jsonl"}, {"name": "b", "obs_path": "data/b.jsonl"}]}
      """;

  @TempDir Path folder;

  /** A team: its own server, which has other data in the same places, and its own runner. */
  private record Team(String name, Map<String, String> environment, String runner) {
    /** Puts its release where the other's is, too. */
    Team upload() throws Exception {
      Storage storage = Storage.of(environment);
      write(storage, "s3://release/training_dataset.json", CONFIG);
      for (int i = 0; i < 3; i++) {
        write(
            storage,
            "s3://release/data/a-%05d.jsonl".formatted(i),
            TestFiles.lines(name + i, 700 + 10 * i));
      }
      write(storage, "s3://release/data/b.jsonl", TestFiles.lines(name, 300));
      return this;
    }

    private static void write(Storage storage, String path, String text) throws Exception {
      storage.write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    Cli.Result prepare(String out, Path workspace) {
      return new Cli(workspace, environment)
          .run(
              "prepare",
              "--repo",
              "s3://release",
              "--runner",
              runner,
              "--parallelism",
              "2",
              "--output",
              "s3://release/" + out,
              "--json");
    }

    /** The parts of the one manifest below an output folder. */
    Map<String, String> parts(String out, Path copy) throws Exception {
      Storage storage = Storage.of(environment);
      Map<String, String> digests = new TreeMap<>();
      for (FileInfo file : storage.match("s3://release/" + out + "/").files()) {
        if (StoragePath.name(file.path()).startsWith("part-")) {
          Files.write(copy, storage.read(file.path()).orElseThrow());
          digests.put(file.path(), TestFiles.sha256(copy));
        }
      }
      return digests;
    }
  }

  @Test
  void two_prepares_with_other_stores_workspaces_and_runners_do_not_see_one_another()
      throws Exception {
    try (S3Server one = S3Server.start(Files.createDirectory(folder.resolve("one")), true);
        S3Server two = S3Server.start(Files.createDirectory(folder.resolve("two")), true);
        FaultyNetwork toOne = new FaultyNetwork(one.port());
        FaultyNetwork toTwo = new FaultyNetwork(two.port())) {
      one.makeBucket("release");
      two.makeBucket("release");
      Team red =
          new Team("red", S3Server.environment(toOne.endpoint(), toOne.endpoint()), "direct")
              .upload();
      Team blue =
          new Team("blue", S3Server.environment(toTwo.endpoint(), toTwo.endpoint()), "flink")
              .upload();

      CyclicBarrier start = new CyclicBarrier(2);
      CompletableFuture<Cli.Result> other =
          CompletableFuture.supplyAsync(
              () -> {
                await(start);
                return blue.prepare("at-once", folder.resolve("blue"));
              });
      await(start);
      Cli.Result mine = red.prepare("at-once", folder.resolve("red"));
      Cli.Result theirs = other.join();
      assertThat(mine.err(), mine.code(), is(0));
      assertThat(theirs.err(), theirs.code(), is(0));

      // Each has written what it writes alone, with its own data, and its own counts.
      for (Team team : new Team[] {red, blue}) {
        Cli.Result alone = team.prepare("alone", folder.resolve(team.name() + "-alone"));
        assertThat(alone.err(), alone.code(), is(0));
        Cli.Result atOnce = team == red ? mine : theirs;
        assertThat(
            atOnce.json().path("manifest_id").asText(),
            is(alone.json().path("manifest_id").asText()));
        assertThat(
            atOnce.json().path("metrics").path("bytes_read"),
            is(alone.json().path("metrics").path("bytes_read")));
        Map<String, String> parts = team.parts("at-once", folder.resolve("copy"));
        assertThat(parts.size(), greaterThan(2));
        assertThat(
            parts.values().toArray(),
            is(team.parts("alone", folder.resolve("copy")).values().toArray()));
      }
      assertThat(mine.json().path("manifest_id"), not(theirs.json().path("manifest_id")));
      assertThat(toOne.requests(), hasSize(greaterThan(20)));
      assertThat(toTwo.requests(), hasSize(greaterThan(20)));
      assertThat(toOne.requests(), everyItem(containsString("/release")));
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
