package dev.mixdown.benchmarks;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Fingerprinting, counting and indexing shards, beside tools that do a part of it. */
final class InspectBenchmark {
  private static final int WORDS = 150;

  private InspectBenchmark() {}

  static String run(Bench bench) throws Exception {
    int shards = (int) bench.size(16, 4);
    long shardBytes = bench.size(256L << 20, 4L << 20);
    Path data = bench.work().resolve(bench.quick() ? "inspect-quick" : "inspect");
    List<Path> paths = BenchmarkData.shards(data, shards, shardBytes, WORDS);
    long bytes = 0;
    for (Path path : paths) {
      bytes += Files.size(path);
    }
    Map<String, Callable<Double>> contestants = contestants(bench, data);
    Map<String, List<Double>> times = new LinkedHashMap<>();
    // Once for the page cache and the compiler, then side by side.
    for (int round = bench.quick() ? 0 : -1; round < bench.rounds(); round++) {
      for (Map.Entry<String, Callable<Double>> contestant : contestants.entrySet()) {
        double seconds = contestant.getValue().call();
        if (round >= 0) {
          times.computeIfAbsent(contestant.getKey(), k -> new ArrayList<>()).add(seconds);
        }
      }
    }
    return report(shards, bytes, times);
  }

  private static Map<String, Callable<Double>> contestants(Bench bench, Path data) {
    String each = "ls " + data + "/*.jsonl | xargs -P2 -n1 ";
    Map<String, Callable<Double>> contestants = new LinkedHashMap<>();
    contestants.put("openssl dgst -sha256", shell(each + "openssl dgst -sha256 >/dev/null"));
    contestants.put("sha256sum", shell(each + "sha256sum >/dev/null"));
    contestants.put("wc -l", shell(each + "wc -l >/dev/null"));
    contestants.put("cat (reading alone)", shell(each + "cat >/dev/null"));
    for (boolean full : new boolean[] {false, true}) {
      String check = full ? "--check=full" : "--check=quick";
      contestants.put("mixdown " + check + ", steady state", () -> steady(bench, data, full));
      contestants.put(
          "mixdown inspect " + check + ", whole process",
          () -> {
            Path workspace = bench.work().resolve("workspace");
            Bench.remove(workspace);
            return bench
                .mixdown("", "inspect", check, "--workspace", workspace, data + "/")
                .seconds();
          });
    }
    return contestants;
  }

  private static Callable<Double> shell(String line) {
    return () -> Bench.shell(line).seconds();
  }

  /** The same work in this process, on two threads. */
  private static double steady(Bench bench, Path data, boolean full) throws Exception {
    Path workspace = bench.work().resolve("workspace");
    Bench.remove(workspace);
    InspectionSpec spec =
        InspectionSpec.of(
            ShardFormat.named("shard.jsonl", Optional.empty()).format().orElseThrow(), full, false);
    Storage storage = Storage.of(Map.of());
    Workspace kept = new Workspace(storage, workspace.toString());
    List<FileInfo> files = storage.match(data + "/").files();
    return Bench.onTwoThreads(
        files, file -> new ShardInspector(kept, ReadCounter.unseen()).inspect(file, spec));
  }

  private static String report(int shards, long bytes, Map<String, List<Double>> times) {
    double openssl = Bench.median(times.get("openssl dgst -sha256"));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("two at a time", "time", "MB/s", "speed of openssl's"));
    times.forEach(
        (name, seconds) ->
            rows.add(
                List.of(
                    name,
                    Bench.seconds(Bench.median(seconds)),
                    "%,.0f".formatted(bytes / 1e6 / Bench.median(seconds)),
                    Bench.ratio(openssl / Bench.median(seconds)))));
    return """
    ## Inspecting %,.0f MB of JSONL in %d shards

    Records of about 1.1 kB, in the page cache. The other tools hash, or count, or read; mixdown reads once,
    fingerprints, finds and hashes every record, checks it (`quick`: its ends; `full`: that it is JSON and UTF-8),
    and writes an index.

    %s"""
        .formatted(bytes / 1e6, shards, Bench.table(rows));
  }
}
