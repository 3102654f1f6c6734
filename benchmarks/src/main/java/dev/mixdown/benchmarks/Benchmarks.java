package dev.mixdown.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the benchmarks and prints what they measured, as Markdown. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Measures mixdown beside what one would use instead.")
public final class Benchmarks implements Callable<Integer> {
  /** Ends the results in a file that they are written to. */
  private static final String END =
      "<!-- What follows is kept when the results are written anew. -->";

  @Option(names = "--quick", description = "Little data, once: shows that everything runs.")
  private boolean quick;

  @Option(
      names = "--work",
      description = "Where data is made and kept, 12 GB of it (default: ${DEFAULT-VALUE}).")
  private Path work = Path.of(System.getProperty("java.io.tmpdir"), "mixdown-benchmarks");

  @Option(names = "--write", description = "Also writes the results to the beginning of this file.")
  private Path file;

  @Option(
      names = "--only",
      split = ",",
      description =
          "Only these: inspect, prepare, samples, quotas, changes, scaling, catalog, service, kernels.")
  private List<String> only = List.of();

  @Option(names = "--launcher", hidden = true)
  private Path launcher;

  private Benchmarks() {}

  /** One of the benchmarks. */
  @FunctionalInterface
  private interface Benchmark {
    String run(Bench bench) throws Exception;
  }

  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Runs what the arguments say; 0 when everything ran. */
  static int execute(String... args) {
    return new CommandLine(new Benchmarks()).execute(args);
  }

  private static Map<String, Benchmark> all() {
    Map<String, Benchmark> all = new LinkedHashMap<>();
    all.put("inspect", InspectBenchmark::run);
    all.put("prepare", PrepareBenchmark::run);
    all.put("samples", SamplesBenchmark::run);
    all.put("quotas", QuotaBenchmark::run);
    all.put("changes", ChangeBenchmark::run);
    all.put("scaling", ScalingBenchmark::run);
    all.put("catalog", CatalogBenchmark::run);
    all.put("service", ServiceBenchmark::run);
    all.put("kernels", Kernels::run);
    return all;
  }

  @Override
  public Integer call() throws Exception {
    Bench bench = new Bench(quick, Files.createDirectories(work), Optional.ofNullable(launcher));
    StringBuilder results = new StringBuilder(header());
    for (Map.Entry<String, Benchmark> benchmark : all().entrySet()) {
      if (only.isEmpty() || only.contains(benchmark.getKey())) {
        String part = "\n" + benchmark.getValue().run(bench);
        System.out.print(part);
        System.out.flush();
        results.append(part);
      }
    }
    if (file != null) {
      Files.writeString(file, within(file, results.toString()));
    }
    return 0;
  }

  /** The results in place of older ones; what people wrote around them stays. */
  private static String within(Path file, String results) throws IOException {
    String old = Files.exists(file) ? Files.readString(file) : "";
    int end = old.indexOf(END);
    return results + "\n" + (end < 0 ? END + "\n" : old.substring(end));
  }

  private String header() throws IOException {
    List<String> words = new ArrayList<>(List.of("benchmarks/run"));
    words.addAll(only.isEmpty() ? List.of() : List.of("--only=" + String.join(",", only)));
    words.addAll(quick ? List.of("--quick") : List.of());
    words.addAll(file == null ? List.of() : List.of("--write " + file));
    return """
    # Benchmarks

    Made by one command, which makes its data itself and measures everything in one run:

    ```bash
    %s
    ```

    %s, %d cores, %d GB; %s; Java %s. Times of a shared machine vary from run to run: compare ratios, and those
    of one run. Medians where there are several runs. `benchmarks/run --quick` runs everything on little data in
    about a minute.
    """
        .formatted(
            String.join(" ", words),
            value("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            Math.round(
                Double.parseDouble(value("/proc/meminfo", "MemTotal").split(" ", 2)[0]) / 1e6),
            System.getProperty("os.name") + " " + System.getProperty("os.version"),
            System.getProperty("java.version"));
  }

  private static String value(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
