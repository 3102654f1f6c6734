package dev.mixdown.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** One worker and two; and how long it takes until anything happens at all. */
final class ScalingBenchmark {
  private ScalingBenchmark() {}

  static String run(Bench bench) throws Exception {
    return parallelism(bench) + "\n" + start(bench);
  }

  private static String parallelism(Bench bench) throws Exception {
    Path release = PrepareBenchmark.release(bench, "scaling", bench.quick() ? 2 : 43);
    long samples = PrepareBenchmark.samples(PrepareBenchmark.prepare(bench, release));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("runner", "one worker", "two workers", "faster by"));
    for (String runner : new String[] {"direct", "flink"}) {
      double[] seconds = new double[2];
      for (int workers = 1; workers <= 2; workers++) {
        List<Double> times = new ArrayList<>();
        for (int round = 0; round < bench.rounds(); round++) {
          times.add(
              PrepareBenchmark.prepare(bench, release, "--runner", runner, "--parallelism", workers)
                  .seconds());
        }
        seconds[workers - 1] = Bench.median(times);
      }
      rows.add(
          List.of(
              runner,
              Bench.seconds(seconds[0]),
              Bench.seconds(seconds[1]),
              Bench.ratio(seconds[0] / seconds[1])));
    }
    return """
    ## One worker and two

    Manifests of %,d samples, shards known to the ledger, whole processes.

    %s"""
        .formatted(samples, Bench.table(rows));
  }

  private static String start(Bench bench) throws Exception {
    Path release = PrepareBenchmark.release(bench, "start", 1);
    Files.writeString(
        release.resolve("stage_config.yaml"),
        "stages:\n  start: {config_file: training_dataset.json}\ndefault_stage: start\n");
    Path workspace = bench.work().resolve("workspace-prepare");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("command", "time", "without archived classes"));
    start(rows, bench, "mixdown --version", "--version");
    start(rows, bench, "mixdown stage status", "stage", "status", "--repo", release);
    start(
        rows,
        bench,
        "mixdown plan (known data)",
        "plan",
        "--repo",
        release,
        "--workspace",
        workspace);
    Path shard = bench.work().resolve(bench.quick() ? "prepare-quick" : "prepare");
    Path first = shard.resolve("shard-00000.jsonl");
    rows.add(
        List.of(
            "mixdown inspect FILE (cold: to the end of a first shard)",
            Bench.seconds(cold(bench, "", first)),
            bench.quick() ? "" : Bench.seconds(cold(bench, "-Xshare:off", first))));
    return """
    ## Starting

    The launcher keeps an archive of loaded classes (class-data sharing). Medians of %d.

    %s"""
        .formatted(bench.quick() ? 1 : 5, Bench.table(rows));
  }

  private static double cold(Bench bench, String java, Path file) throws Exception {
    return median(
        bench,
        () -> {
          Path workspace = bench.work().resolve("workspace-start");
          Bench.remove(workspace);
          return bench.mixdown(java, "inspect", "--workspace", workspace, file).seconds();
        });
  }

  private static void start(List<List<String>> rows, Bench bench, String name, Object... args)
      throws Exception {
    rows.add(
        List.of(
            name,
            Bench.seconds(median(bench, () -> bench.mixdown("", args).seconds())),
            bench.quick()
                ? ""
                : Bench.seconds(
                    median(bench, () -> bench.mixdown("-Xshare:off", args).seconds()))));
  }

  private static double median(Bench bench, Callable<Double> run) throws Exception {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < (bench.quick() ? 1 : 5); i++) {
      times.add(run.call());
    }
    return Bench.median(times);
  }
}
