package dev.mixdown.cli.online;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import dev.mixdown.cli.Cli;
import dev.mixdown.cli.StandaloneCluster;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream on a real Flink cluster, with checkpoints, whose workers are killed. */
class OnlineFlinkIT {
  @TempDir Path folder;
  private StreamSite site;
  private int files;

  @Test
  void a_stream_survives_the_loss_of_workers_and_ends_when_it_is_drained() throws Exception {
    site = new StreamSite(folder);
    site.weights.put("a", "3");
    site.weights.put("b", "1");
    site.online().put("increment_samples", 32).put("max_wait", "1s").put("poll", "300ms");
    site.write();
    Random random = new Random(1);
    try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"))) {
      cluster.startTaskManager();
      cluster.startTaskManager();
      cluster.waitForTaskManagers(2);
      Process run = start(cluster);
      arriveUntil(random, 2, run);
      cluster.killTaskManager(0);
      cluster.startTaskManager();
      arriveUntil(random, site.increments().size() + 2, run);
      // From no checkpoint: the job is submitted anew.
      run.destroyForcibly().waitFor();
      Process again = start(cluster);
      arriveUntil(random, site.increments().size() + 2, again);
      cluster.killTaskManager(1);
      cluster.startTaskManager();
      arriveUntil(random, site.increments().size() + 2, again);
      assertThat(site.run("drain").code(), is(0));
      assertThat(log(), again.waitFor(90, TimeUnit.SECONDS), is(true));
      assertThat(log(), again.exitValue(), is(0));
    }
    Cli.Result verified = site.run("verify", "--deep");
    assertThat(verified.err(), verified.code(), is(0));
    Set<Long> given = new HashSet<>();
    for (Increment increment : site.increments()) {
      for (Sample row : site.rows(increment)) {
        assertThat("a record twice", given.add(row.identity()), is(true));
      }
    }
    assertThat(given.size(), greaterThan(100));
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("run.log"));
  }

  private Process start(StandaloneCluster cluster) throws IOException {
    return site.process(
            List.of(),
            "run",
            "--runner",
            "flink",
            "--parallelism",
            "1",
            "--",
            "--flinkMaster=" + cluster.master(),
            "--checkpointingInterval=500")
        .start();
  }

  /** Lets files arrive until there are so many increments. */
  private void arriveUntil(Random random, int increments, Process run) throws Exception {
    for (int i = 0; i < 240; i++) {
      if (site.increments().size() >= increments) {
        return;
      }
      assertThat(log(), run.isAlive(), is(true));
      String dataset = random.nextInt(4) < 3 ? "a" : "b";
      String name = "f" + files++;
      site.put(dataset, name + ".jsonl", StreamSite.records(name + "-", 0, 30));
      TimeUnit.MILLISECONDS.sleep(500);
    }
    throw new AssertionError("no increment in two minutes: " + log());
  }
}
