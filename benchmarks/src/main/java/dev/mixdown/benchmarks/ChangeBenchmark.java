package dev.mixdown.benchmarks;

import dev.mixdown.benchmarks.Bench.Run;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A second run: nothing changed, only weights, or one shard of many. */
final class ChangeBenchmark {
  private ChangeBenchmark() {}

  static String run(Bench bench) throws Exception {
    int shards = (int) bench.size(1_000, 20);
    Path data = bench.work().resolve(bench.quick() ? "changes-quick" : "changes");
    Bench.remove(data);
    List<Path> paths = BenchmarkData.shards(data, shards, bench.size(256 << 10, 32 << 10), 150);
    Path workspace = bench.work().resolve("workspace-changes");
    Path out = bench.work().resolve("out-changes");
    Bench.remove(workspace);
    Bench.remove(out);
    // The ledger does not trust files that changed within two seconds of being read.
    Thread.sleep(2_100);

    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("run", "time", "of the shards' bytes read"));
    Path release = release(bench, data, 1);
    add(rows, "the first", bench, release, workspace, out, paths);
    add(rows, "nothing changed", bench, release, workspace, out, paths);
    add(rows, "weights changed", bench, release(bench, data, 2), workspace, out, paths);
    Files.writeString(
        paths.get(shards / 2), "{\"id\": \"new\", \"text\": \"x\"}\n", StandardOpenOption.APPEND);
    Thread.sleep(2_100);
    add(rows, "one shard changed", bench, release, workspace, out, paths);
    return """
    ## What changed is what is done again

    %,d shards of two datasets, whole processes, direct runner.

    %s"""
        .formatted(shards, Bench.table(rows));
  }

  private static Path release(Bench bench, Path data, int weight) throws Exception {
    Path release = Files.createDirectories(bench.work().resolve("release-changes"));
    Files.writeString(
        release.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "changes", "stage_config": {"sampling_strategy": "balanced"}},
         "dataset_index": [
          {"name": "even", "obs_path": "%s/shard-*[02468].jsonl", "duplicate": 3, "stage_weight": %d},
          {"name": "odd", "obs_path": "%s/shard-*[13579].jsonl", "duplicate": 3, "stage_weight": 1}]}
        """
            .formatted(data, weight, data));
    return release;
  }

  private static void add(
      List<List<String>> rows,
      String name,
      Bench bench,
      Path release,
      Path workspace,
      Path out,
      List<Path> shards)
      throws Exception {
    long begin = System.currentTimeMillis();
    Run run =
        bench.mixdown("", "prepare", "--repo", release, "--workspace", workspace, "--output", out);
    rows.add(
        List.of(
            name, Bench.seconds(run.seconds()), "%,d".formatted(read(workspace, begin, shards))));
  }

  /** A shard was read when the ledger has a new entry of it. */
  private static long read(Path workspace, long since, List<Path> shards) throws Exception {
    // Opening the ledger folds the notes of the run into it.
    Ledger.open(new Workspace(Storage.of(Map.of()), workspace.toString()));
    long bytes = 0;
    for (String line : Files.readAllLines(workspace.resolve("ledger.jsonl"))) {
      var entry = dev.mixdown.configs.syntax.Json.object(line).orElseThrow();
      if (((Number) entry.get("inspectedMillis")).longValue() >= since) {
        bytes += ((Number) entry.get("bytes")).longValue();
      }
    }
    return bytes;
  }
}
