package dev.mixdown.cli.online;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import dev.mixdown.cli.Cli;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole streams, step by step, against plain lists of records. */
class OnlineOracleTest {
  private static final int STEPS = 24;

  @TempDir Path folder;

  private final TreeMap<String, Map<String, List<String>>> folders = new TreeMap<>();
  private final List<Moved> gone = new ArrayList<>();
  private int names;

  /** A file that was taken away. */
  private record Moved(String dataset, String path, List<String> records) {}

  static IntStream runs() {
    return IntStream.rangeClosed(
        Integer.getInteger("mixdown.oracle.first", 1),
        Integer.getInteger("mixdown.oracle.last", 6));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void every_position_is_what_plain_lists_say_whatever_becomes_of_the_files(int run)
      throws Exception {
    Random random = new Random(run);
    StreamSite site = new StreamSite(folder);
    int datasets = 1 + random.nextInt(4);
    StreamOracle oracle = new StreamOracle(16, 7);
    long enough = 16L * (1 + random.nextInt(3));
    site.online().put("increment_samples", enough);
    mix(site, oracle, random, datasets);
    for (int step = 0; step < STEPS; step++) {
      if (step % 9 == 8) {
        mix(site, oracle, random, datasets);
      }
      for (int k = random.nextInt(4); k >= 0; k--) {
        change(site, random, "d" + random.nextInt(datasets));
      }
      Cli.Result result = site.run("tick");
      assertThat(result.err(), result.code(), is(0));
      StreamOracle.Step expected = oracle.step(folders, enough);
      String where = "run " + run + ", step " + step + ": " + result.out();
      assertThat(where, site.increments().size(), is((int) oracle.seq));
      if (expected != null) {
        compare(where, site, expected);
      }
    }
    assertThat(oracle.position, greaterThan(0L));
    Cli.Result verified = site.run("verify", "--deep");
    assertThat(verified.err(), verified.code(), is(0));
    assertThat(verified.out(), containsString("positions 0 to"));
  }

  private static void compare(String where, StreamSite site, StreamOracle.Step expected)
      throws IOException {
    List<Increment> increments = site.increments();
    Increment last = increments.get(increments.size() - 1);
    List<Sample> rows = site.rows(last);
    assertThat(where, (long) rows.size(), is(expected.samples(16)));
    TreeMap<String, Integer> next = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Sample row = rows.get(i);
      assertThat(where, row.position(), is(last.positions().from() + i));
      int n = next.merge(row.stratum(), 1, Integer::sum) - 1;
      String record = expected.given().get(row.stratum()).get(n);
      assertThat(where, row.identity(), is(StreamOracle.identity(record)));
      // What a reader finds there now is that record.
      assertThat(where, StreamSite.text(last, row), is(record));
    }
    for (int b = 0; b < expected.blocks().size(); b++) {
      TreeMap<String, Integer> counts = new TreeMap<>();
      expected.blocks().get(b).keySet().forEach(s -> counts.put(s, 0));
      rows.subList(b * 16, (b + 1) * 16).forEach(r -> counts.merge(r.stratum(), 1, Integer::sum));
      assertThat(where, counts, is(new TreeMap<>(expected.blocks().get(b))));
    }
  }

  private static void mix(StreamSite site, StreamOracle oracle, Random random, int datasets)
      throws IOException {
    TreeMap<String, BigFraction> shares = new TreeMap<>();
    long sum = 0;
    for (int d = 0; d < datasets; d++) {
      int weight = 1 + random.nextInt(9);
      site.weights.put("d" + d, String.valueOf(weight));
      sum += weight;
    }
    for (Map.Entry<String, String> one : site.weights.entrySet()) {
      shares.put(one.getKey(), BigFraction.of(Long.parseLong(one.getValue()), sum));
    }
    site.write();
    oracle.mix(shares);
  }

  /** Something happens to the files of a dataset. */
  private void change(StreamSite site, Random random, String dataset) throws IOException {
    Map<String, List<String>> files = folders.computeIfAbsent(dataset, d -> new TreeMap<>());
    List<String> paths = List.copyOf(files.keySet());
    int what = paths.isEmpty() ? 0 : random.nextInt(10);
    String path = paths.isEmpty() ? "" : paths.get(random.nextInt(paths.size()));
    switch (what) {
      case 0, 1, 2, 3 -> put(site, dataset, name(), fresh(random));
      case 4 -> {
        // It grows, as logs do.
        List<String> more = new ArrayList<>(files.get(path));
        more.addAll(fresh(random));
        put(site, dataset, path, more);
      }
      case 5 -> {
        // It loses some records, and has some twice.
        List<String> less = new ArrayList<>(files.get(path));
        less.removeIf(r -> random.nextInt(4) == 0);
        if (!less.isEmpty()) {
          less.add(less.get(random.nextInt(less.size())));
          put(site, dataset, path, less);
        }
      }
      case 6 -> put(site, dataset, name(), files.get(path));
      case 7 -> {
        gone.add(new Moved(dataset, path, files.remove(path)));
        Files.delete(Path.of(path));
      }
      case 8 -> {
        if (!gone.isEmpty()) {
          Moved back = gone.remove(random.nextInt(gone.size()));
          put(site, back.dataset(), back.path(), back.records());
        }
      }
      default -> Files.writeString(site.file(dataset, "bad-" + names++ + ".jsonl"), "{\"id\": \n");
    }
  }

  private String name() {
    return "f%03d.jsonl".formatted(names++);
  }

  private List<String> fresh(Random random) {
    int from = random.nextInt(1 << 20);
    List<String> records = StreamSite.records("r", from, from + 1 + random.nextInt(60));
    if (random.nextInt(3) == 0) {
      records.add(records.get(0));
    }
    return records;
  }

  private void put(StreamSite site, String dataset, String name, List<String> records)
      throws IOException {
    String file = Path.of(name).getFileName().toString();
    Path path = site.put(dataset, file, records);
    folders.computeIfAbsent(dataset, d -> new TreeMap<>()).put(path.toString(), records);
  }
}
