package dev.mixdown.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The innermost loops, by JMH. */
final class Kernels {
  private Kernels() {}

  static String run(Bench bench) throws Exception {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("dev\\.mixdown\\.transforms\\..*Kernel\\.")
            .verbosity(VerboseMode.SILENT)
            .forks(bench.quick() ? 0 : 1)
            .warmupIterations(bench.quick() ? 1 : 3)
            .measurementIterations(bench.quick() ? 1 : 5)
            .warmupTime(TimeValue.milliseconds(bench.size(1_000, 20)))
            .measurementTime(TimeValue.milliseconds(bench.size(1_000, 20)));
    Collection<RunResult> results = new Runner(options.build()).run();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("kernel", "a second", "error"));
    results.stream()
        .sorted(Comparator.comparing(r -> r.getParams().getBenchmark()))
        .forEach(
            result -> {
              String name = result.getParams().getBenchmark();
              double score = result.getPrimaryResult().getScore();
              double error = result.getPrimaryResult().getScoreError();
              rows.add(
                  List.of(
                      name.substring(name.lastIndexOf('.') + 1).replace('_', ' '),
                      "%,.0f %s".formatted(score / 1e6, name.endsWith("_bytes") ? "MB" : "million"),
                      Double.isNaN(error) ? "" : "%.0f %%".formatted(100 * error / score)));
            });
    return """
    ## Kernels

    One thread, by JMH.

    %s"""
        .formatted(Bench.table(rows));
  }
}
