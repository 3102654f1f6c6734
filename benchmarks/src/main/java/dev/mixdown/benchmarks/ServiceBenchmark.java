package dev.mixdown.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The service under load: 50 callers, 200 calls a second between them, each call timed from when it
 * was to be made, so that one that had to wait for another counts its waiting.
 */
final class ServiceBenchmark {
  private static final int CALLERS = 50;
  private static final int PER_SECOND = 200;

  private ServiceBenchmark() {}

  static String run(Bench bench) throws Exception {
    int jobs = (int) bench.size(100_000, 500);
    int seconds = (int) bench.size(30, 2);
    Path work = bench.work().resolve(bench.quick() ? "service-quick" : "service");
    Bench.remove(work);
    Files.createDirectories(work);
    CatalogBenchmark.make(work.resolve("platform.db"), jobs, 10 * jobs);
    bench.mixdown("", "init", work.resolve("repo"), "--example");
    Object[] places = {"--output", work.resolve("out"), "--workspace", work.resolve("w")};
    bench.mixdown("", with(places, "prepare", "pretraining", "--repo", work.resolve("repo")));
    bench.mixdown(
        "",
        "catalog",
        "import",
        work.resolve("platform.db"),
        "--registry",
        work.resolve("out/registry"),
        "--workspace",
        work.resolve("w"));
    Process process =
        bench.start(with(places, "serve", "--port", "0", "--repo", work.resolve("repo")));
    try {
      String address = address(process);
      Map<String, String> paths = paths(address, work);
      load(address, paths, bench.quick() ? 1 : 10);
      long heapBefore = heap(address);
      Map<String, double[]> times = load(address, paths, seconds);
      return report(jobs, seconds, times, heapBefore, heap(address));
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static Object[] with(Object[] more, Object... words) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray();
  }

  private static String address(Process process) throws Exception {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    String address = String.valueOf(line).replaceFirst(".* at (http\\S+).*", "$1");
    while (status(address + "/readyz") != 200) {
      Thread.sleep(200);
    }
    return address;
  }

  private static int status(String uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
        .statusCode();
  }

  /** What is called, by what it is. */
  private static Map<String, String> paths(String address, Path work) throws Exception {
    String manifests = get(address + "/api/v1/manifests");
    Matcher id = Pattern.compile("\"manifest_id\":\"(\\w+)\"").matcher(manifests);
    if (!id.find()) {
      throw new IllegalStateException("no manifest in " + work);
    }
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("static file", "/assets/app.css");
    paths.put("list of jobs", "/api/v1/jobs?limit=50");
    paths.put("list of jobs, failed", "/api/v1/jobs?status=failed&limit=50&offset=1000");
    paths.put("list of recipes", "/api/v1/recipes");
    paths.put("a job", "/api/v1/jobs/00000001");
    paths.put("a recipe", "/api/v1/recipes/grpo_basic");
    paths.put("a manifest", "/api/v1/manifests/" + id.group(1));
    paths.put("the mix of a manifest", "/api/v1/manifests/" + id.group(1) + "/mix");
    paths.put("lineage", "/api/v1/lineage?node=" + id.group(1));
    paths.put("page of a manifest", "/manifests/" + id.group(1));
    return paths;
  }

  private static String get(String uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
        .body();
  }

  /** Calls everything in turn, at a steady rate; times in ms, by what was called. */
  private static Map<String, double[]> load(String address, Map<String, String> paths, int seconds)
      throws Exception {
    List<String> names = new ArrayList<>(paths.keySet());
    Map<String, ConcurrentLinkedQueue<Double>> times = new LinkedHashMap<>();
    names.forEach(name -> times.put(name, new ConcurrentLinkedQueue<>()));
    AtomicInteger next = new AtomicInteger();
    AtomicInteger errors = new AtomicInteger();
    int total = PER_SECOND * seconds;
    long begin = System.nanoTime();
    CountDownLatch ended = new CountDownLatch(CALLERS);
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    for (int i = 0; i < CALLERS; i++) {
      new Thread(
              () -> {
                for (int n = next.getAndIncrement(); n < total; n = next.getAndIncrement()) {
                  String name = names.get(n % names.size());
                  long due = begin + n * 1_000_000_000L / PER_SECOND;
                  if (!call(http, address + paths.get(name), due)) {
                    errors.incrementAndGet();
                  }
                  times.get(name).add((System.nanoTime() - due) / 1e6);
                }
                ended.countDown();
              })
          .start();
    }
    ended.await();
    if (errors.get() > 0) {
      throw new IllegalStateException(errors.get() + " calls failed");
    }
    Map<String, double[]> sorted = new LinkedHashMap<>();
    times.forEach(
        (name, all) -> sorted.put(name, all.stream().mapToDouble(t -> t).sorted().toArray()));
    return sorted;
  }

  private static boolean call(HttpClient http, String uri, long due) {
    try {
      long wait = due - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
      }
      return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofByteArray())
              .statusCode()
          == 200;
    } catch (java.io.IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static long heap(String address) throws Exception {
    Matcher used =
        Pattern.compile("(?m)^mixdown_heap_used_bytes (\\d+)").matcher(get(address + "/metrics"));
    return used.find() ? Long.parseLong(used.group(1)) : 0;
  }

  private static String report(
      int jobs, int seconds, Map<String, double[]> times, long before, long after) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("what", "calls", "p50", "p99", "p99 beyond the static file"));
    double still = percentile(times.getOrDefault("static file", new double[1]), 99);
    times.forEach(
        (name, all) ->
            rows.add(
                List.of(
                    name,
                    String.format(Locale.ROOT, "%,d", all.length),
                    millis(percentile(all, 50)),
                    millis(percentile(all, 99)),
                    name.equals("static file") ? "" : millis(percentile(all, 99) - still))));
    return """
    ## The service

    %d callers, %d calls a second for %d s, at %,d jobs; each is timed from when it was due, client and service on this machine. No
    call failed. Java's heap had %d MB before and %d MB after.

    %s"""
        .formatted(
            CALLERS, PER_SECOND, seconds, jobs, before >> 20, after >> 20, Bench.table(rows));
  }

  private static double percentile(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }
}
