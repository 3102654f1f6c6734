package dev.mixdown.cli.online;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two streaming runs and five ticks at once on one stream, all of them killed at random moments and
 * started again, while files arrive.
 */
class OnlineKillsIT {
  private static final int BLOCK = 16;
  private static final int INCREMENTS = 6;
  private static final int MOST_FILES = 300;

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final Set<Long> arrived = new HashSet<>();
  private StreamSite site;

  /** How often; {@code -Psoak} does it a hundred times. */
  static IntStream runs() {
    return IntStream.rangeClosed(1, Integer.getInteger("mixdown.soak.runs", 2));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void nothing_is_lost_and_nothing_comes_twice_whoever_is_killed(int run) throws Exception {
    Random random = new Random(run);
    site = new StreamSite(folder);
    TreeMap<String, BigFraction> shares = new TreeMap<>();
    for (int d = 0; d < 3; d++) {
      site.weights.put("d" + d, String.valueOf(1 + d));
      shares.put("d" + d, BigFraction.of(1 + d, 6));
    }
    site.online().put("increment_samples", 32).put("max_wait", "1s").put("poll", "200ms");
    site.write();
    start("run");
    start("run");
    for (int file = 0; site.increments().size() < INCREMENTS; file++) {
      assertThat("too slow", file, lessThan(MOST_FILES));
      put(random, file);
      TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(400));
      processes.removeIf(p -> !p.isAlive());
      while (processes.size() < 7) {
        start("tick");
      }
      if (file % 10 == 9) {
        // Whoever it is: a run, or one of the ticks.
        processes.get(random.nextInt(processes.size())).destroyForcibly().waitFor();
      }
      if (file % 30 == 29) {
        start("run");
      }
    }
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    Cli.Result drained = site.run("drain");
    assertThat(drained.err(), drained.code(), is(0));
    Cli.Result verified = site.run("verify", "--deep");
    assertThat(verified.err(), verified.code(), is(0));
    check(shares);
  }

  private void put(Random random, int file) throws IOException {
    String dataset = "d" + random.nextInt(3);
    List<String> records = StreamSite.records("f" + file + "-", 0, 20 + random.nextInt(120));
    records.forEach(record -> arrived.add(StreamOracle.identity(record)));
    site.put(dataset, "f" + file + ".jsonl", records);
  }

  private void start(String command) throws IOException {
    processes.add(site.process(List.of("-Xmx300m", "-XX:TieredStopAtLevel=1"), command).start());
  }

  private void check(TreeMap<String, BigFraction> shares) throws IOException {
    Set<Long> given = new HashSet<>();
    TreeMap<String, Long> counts = new TreeMap<>();
    long position = 0;
    for (Increment increment : site.increments()) {
      for (Sample row : site.rows(increment)) {
        assertThat(row.position(), is(position));
        assertThat("a record twice", given.add(row.identity()), is(true));
        counts.merge(row.stratum(), 1L, Long::sum);
        position++;
        if (position % BLOCK == 0) {
          for (Map.Entry<String, BigFraction> share : shares.entrySet()) {
            BigFraction off =
                share
                    .getValue()
                    .multiply(position)
                    .subtract(counts.getOrDefault(share.getKey(), 0L))
                    .abs();
            assertThat(off.compareTo(BigFraction.ONE), lessThan(0));
          }
        }
      }
    }
    assertThat(position, greaterThan(0L));
    assertThat(arrived.containsAll(given), is(true));
    // What was not given waits, in the chain or before it.
    long waiting = 0;
    Cli.Result status = site.run("status", "--json");
    for (JsonNode stratum : status.json().path("strata")) {
      waiting += stratum.path("waiting").asLong() + stratum.path("arriving").asLong();
    }
    assertThat(given.size() + waiting, is((long) arrived.size()));
  }
}
