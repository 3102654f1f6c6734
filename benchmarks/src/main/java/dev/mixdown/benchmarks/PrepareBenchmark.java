package dev.mixdown.benchmarks;

import dev.mixdown.benchmarks.Bench.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Manifests of more and more samples from the same eight datasets. */
final class PrepareBenchmark {
  static final int DATASETS = 8;
  private static final int WORDS = 20;

  /** The heap that every run gets. */
  static final String HEAP = "-Xmx4g";

  private PrepareBenchmark() {}

  /** A release of eight datasets of one shard, about 700,000 records in all. */
  static Path release(Bench bench, String name, double duplicate) throws IOException {
    Path data = bench.work().resolve(bench.quick() ? "prepare-quick" : "prepare");
    List<Path> shards =
        BenchmarkData.shards(data, DATASETS, bench.size(16L << 20, 1L << 20), WORDS);
    StringBuilder entries = new StringBuilder();
    for (int d = 0; d < DATASETS; d++) {
      entries.append(
          String.format(
              Locale.ROOT,
              "%s{\"name\": \"d%d\", \"obs_path\": \"%s\", \"duplicate\": %.3f}",
              d == 0 ? "" : ",\n",
              d,
              shards.get(d),
              duplicate));
    }
    Path release = Files.createDirectories(bench.work().resolve("release-" + name));
    Files.writeString(
        release.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "%s", "stage_config": {"seed": 1}},
         "dataset_index": [%s]}
        """
            .formatted(name, entries));
    return release;
  }

  /** Prepares into a new folder, with a ledger that knows all shards. */
  static Run prepare(Bench bench, Path release, Object... more) throws Exception {
    Path out = bench.work().resolve("out");
    Bench.remove(out);
    List<Object> args =
        new ArrayList<>(
            List.of(
                "prepare",
                "--repo",
                release,
                "--workspace",
                bench.work().resolve("workspace-prepare"),
                "--output",
                out));
    args.addAll(List.of(more));
    return bench.mixdown(HEAP, args.toArray());
  }

  /** How many samples the manifest has that was just prepared. */
  static long samples(Run run) {
    String last =
        run.out()
            .lines()
            .filter(line -> line.startsWith("total"))
            .reduce((a, b) -> b)
            .orElseThrow();
    String[] columns = last.strip().split(" +", -1);
    return Long.parseLong(columns[columns.length - 1].replace(",", ""));
  }

  static String run(Bench bench) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "samples",
            "runner",
            "whole process",
            "samples/s",
            "most memory",
            "beyond the row above"));
    double[] duplicates = bench.quick() ? new double[] {1, 4} : new double[] {1.5, 14.5, 145};
    String[] runners = bench.quick() ? new String[] {"direct"} : new String[] {"direct", "flink"};
    // The ledger is to know the shards before anything is measured.
    prepare(bench, release(bench, "prepare", 1));
    for (String runner : runners) {
      long before = 0;
      double beforeSeconds = 0;
      for (int i = 0; i < duplicates.length; i++) {
        Path release = release(bench, "prepare" + i, duplicates[i]);
        List<Double> times = new ArrayList<>();
        Run run = null;
        for (int round = 0; round < bench.rounds(); round++) {
          run = prepare(bench, release, "--runner", runner);
          times.add(run.seconds());
        }
        long samples = samples(run);
        double seconds = Bench.median(times);
        rows.add(
            List.of(
                "%,d".formatted(samples),
                runner,
                Bench.seconds(seconds),
                "%,.0f".formatted(samples / seconds),
                "%,.0f MB".formatted(run.megabytes()),
                before == 0
                    ? ""
                    : "%,.0f/s".formatted((samples - before) / (seconds - beforeSeconds))));
        before = samples;
        beforeSeconds = seconds;
      }
    }
    return """
    ## Manifests into Parquet

    Eight datasets with 700,000 records in all, shards known to the ledger, two cores, `%s`. The last column has
    what each more sample costs, without the start of the process and of the runner.

    %s"""
        .formatted(HEAP, Bench.table(rows));
  }
}
