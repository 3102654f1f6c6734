package dev.mixdown.benchmarks;

import dev.mixdown.storage.FileInfo;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What benchmarks run with.
 *
 * @param quick whether little data will do
 * @param work where data and results go
 * @param launcher the command {@code mixdown}; without it, its classes are run as they are
 */
record Bench(boolean quick, Path work, Optional<Path> launcher) {

  /**
   * A process that has ended well.
   *
   * @param seconds from its start to its end
   * @param megabytes the most memory that it had at once
   * @param out what it printed
   */
  record Run(double seconds, double megabytes, String out) {}

  /** Full size, or the small one of quick runs. */
  long size(long full, long small) {
    return quick ? small : full;
  }

  /** How often to measure. */
  int rounds() {
    return quick ? 1 : 3;
  }

  /** Runs {@code mixdown}. */
  Run mixdown(String javaOptions, Object... args) throws IOException, InterruptedException {
    return run(javaOptions, command(javaOptions, args));
  }

  /** Starts {@code mixdown}, and does not wait. */
  Process start(Object... args) throws IOException {
    return new ProcessBuilder(command("", args))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private List<String> command(String javaOptions, Object... args) {
    List<String> command = new ArrayList<>();
    if (launcher.isPresent()) {
      command.add(launcher.get().toString());
    } else {
      command.addAll(
          List.of(
              "java",
              "-XX:+UseParallelGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              "dev.mixdown.cli.Mixdown"));
      if (!javaOptions.isEmpty()) {
        command.addAll(1, List.of(javaOptions.split(" ", -1)));
      }
    }
    Arrays.stream(args).map(Object::toString).forEach(command::add);
    return command;
  }

  /** Runs a class of the benchmarks in a process of its own. */
  static Run java(List<String> options, Class<?> main, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("java"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return run("", command);
  }

  /** Runs a line of shell. */
  static Run shell(String line) throws IOException, InterruptedException {
    return run("", List.of("bash", "-c", "set -o pipefail; " + line));
  }

  private static Run run(String javaOptions, List<String> command)
      throws IOException, InterruptedException {
    File out = File.createTempFile("mixdown-benchmark", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out);
    builder.environment().put("MIXDOWN_JAVA_OPTS", javaOptions);
    long begin = System.nanoTime();
    Process process = builder.start();
    long[] most = {0};
    Thread watch = new Thread(() -> watch(process, most));
    watch.start();
    int code = process.waitFor();
    double seconds = (System.nanoTime() - begin) / 1e9;
    watch.join();
    String text = Files.readString(out.toPath(), StandardCharsets.UTF_8);
    Files.delete(out.toPath());
    if (code != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + " ended with " + code + ": " + text);
    }
    return new Run(seconds, most[0] / 1e3, text);
  }

  /** The kernel counts the most memory that a process had, as long as it is there to be asked. */
  private static void watch(Process process, long[] most) {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    while (process.isAlive()) {
      try (Stream<String> lines = Files.lines(status)) {
        lines
            .filter(line -> line.startsWith("VmHWM:"))
            .forEach(line -> most[0] = Long.parseLong(line.replaceAll("[^0-9]", "")));
        Thread.sleep(20);
      } catch (IOException | java.io.UncheckedIOException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Work on one file. */
  interface Work {
    void on(FileInfo file) throws Exception;
  }

  /** How long work on files takes in this process, on two threads, in seconds. */
  static double onTwoThreads(List<FileInfo> files, Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    long begin = System.nanoTime();
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (FileInfo file : files) {
      tasks.add(
          () -> {
            work.on(file);
            return true;
          });
    }
    for (Future<Boolean> one : threads.invokeAll(tasks)) {
      Boolean unused = one.get();
    }
    threads.shutdown();
    return (System.nanoTime() - begin) / 1e9;
  }

  static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** Removes a folder with all that is in it. */
  static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** A Markdown table; the first row is its head. */
  static String table(List<List<String>> rows) {
    StringBuilder table = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      table.append("| ").append(String.join(" | ", rows.get(r))).append(" |\n");
      if (r == 0) {
        table.append("| --- ").append("| ---: ".repeat(rows.get(0).size() - 1)).append("|\n");
      }
    }
    return table.toString();
  }

  static String seconds(double seconds) {
    return "%.2f s".formatted(seconds);
  }

  static String ratio(double ratio) {
    return "%.2f".formatted(ratio);
  }
}
