package dev.mixdown.benchmarks;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.uses.SharedSamples;
import dev.mixdown.pipelines.uses.UsedManifest;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.content.ContentFiles;
import dev.mixdown.transforms.content.ContentSpec;
import dev.mixdown.transforms.identities.Overlap;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Questions about the samples of several manifests: sets merged, leaks, a remix. */
final class SamplesBenchmark {
  private final Bench bench;
  private final Path release;
  private final Path output;
  private final Path workspace;
  private final int stages;
  private final long each;

  private SamplesBenchmark(Bench bench) {
    this.bench = bench;
    this.release = bench.work().resolve(bench.quick() ? "samples-quick" : "samples");
    this.output = bench.work().resolve("samples-out");
    this.workspace = bench.work().resolve("workspace-samples");
    this.stages = (int) bench.size(10, 2);
    this.each = bench.size(10_000_000, 50_000);
  }

  static String run(Bench bench) throws Exception {
    return new SamplesBenchmark(bench).run();
  }

  private String run() throws Exception {
    Bench.remove(output);
    Bench.remove(workspace);
    write();
    String all = prepare("all", 0);
    String again = prepare("all", 1);
    List<String> ancestry = new ArrayList<>();
    for (int s = 0; s < stages; s++) {
      ancestry.add(prepare("s" + s, 0));
    }
    Path first = output.resolve("all").resolve(all);
    Path second = output.resolve("all").resolve(again);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("question", "time", "most memory", "beside it", "faster by"));
    merge(rows, first, second);
    leaks(rows);
    remix(rows, all);
    return """
    ## Samples across stages

    Manifests of %,d samples of as many distinct records. Identities of a manifest against those of another one:
    in this process, two threads; beside it DuckDB, the same anti-join over the parts, a process of two threads and
    4 GB with its start. Leaks: a model trained on %d manifests of %,d samples each, against %,d records that none
    of them has; content identities known, whole process. A remix in the middle: planned with a heap of 1 GB, then
    done with its proof, whole processes; no shard is read.

    %s
    Runs of %,d identities take %s bytes for each.

    %s"""
        .formatted(
            stages * each,
            stages,
            each,
            heldOut(),
            Bench.table(rows),
            Math.min(each, 1_048_576),
            "%.2f".formatted(bytesPerIdentity(output.resolve("s0").resolve(ancestry.get(0)))),
            content());
  }

  private long heldOut() {
    return bench.size(1_000_000, 10_000);
  }

  // The release: one dataset a stage, and a stage with all of them.

  private void write() throws IOException {
    StringBuilder yaml = new StringBuilder("stages:\n");
    List<String> entries = new ArrayList<>();
    Files.createDirectories(release);
    for (int s = 0; s < stages; s++) {
      lines(release.resolve("d%d.jsonl".formatted(s)), s * each, each);
      String entry =
          "{\"name\": \"d%d\", \"obs_path\": \"d%d.jsonl\", \"duplicate\": 2, \"stage_weight\": 1}"
              .formatted(s, s);
      entries.add(entry);
      stage(yaml, "s" + s, each, entry);
    }
    stage(yaml, "all", stages * each, String.join(", ", entries));
    lines(release.resolve("held.jsonl"), stages * each, heldOut());
    Files.writeString(release.resolve("stage_config.yaml"), yaml);
  }

  private void stage(StringBuilder yaml, String name, long samples, String entries)
      throws IOException {
    yaml.append("  %s: {config_file: %s.json}\n".formatted(name, name));
    Files.writeString(
        release.resolve(name + ".json"),
        "{\"meta\": {\"stage\": \"%s\", \"stage_config\": {\"total_clips\": %d}}, \"dataset_index\": [%s]}"
            .formatted(name, samples, entries));
  }

  private static void lines(Path file, long first, long count) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Path making = file.resolveSibling("making");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(making), 1 << 16)) {
      for (long n = first; n < first + count; n++) {
        out.write(("{\"n\":" + n + "}\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
    Files.move(making, file);
  }

  private String prepare(String stage, int epoch) throws Exception {
    return Json.read(
            bench
                .mixdown(
                    "-Xmx4g",
                    "prepare",
                    stage,
                    "--epoch",
                    epoch,
                    "--check=quick",
                    "--repo",
                    release,
                    "--output",
                    output,
                    "--workspace",
                    workspace,
                    "--json")
                .out()
                .getBytes(StandardCharsets.UTF_8))
        .path("manifest_id")
        .asText();
  }

  // The questions.

  private void merge(List<List<String>> rows, Path first, Path second) throws Exception {
    Storage storage = Storage.of(Map.of());
    UsedManifest a =
        UsedManifest.of(storage, ManifestFolder.at(storage, first.toString()).orElseThrow());
    UsedManifest b =
        UsedManifest.of(storage, ManifestFolder.at(storage, second.toString()).orElseThrow());
    Workspace kept = new Workspace(storage, workspace.toString());
    List<Double> times = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    double memory = 0;
    for (int round = 0; round < bench.rounds(); round++) {
      long begin = System.nanoTime();
      Overlap overlap = SharedSamples.of(kept, RunnerSettings.DIRECT, a, b);
      times.add((System.nanoTime() - begin) / 1e9);
      Bench.Run duck = DuckDb.antiJoin(first, second);
      others.add(duck.seconds());
      memory = Math.max(memory, duck.megabytes());
      long only = Long.parseLong(duck.out().strip());
      if (overlap.onlyFirst() != only) {
        throw new IllegalStateException(overlap + ", but DuckDB finds " + only);
      }
    }
    rows.add(
        List.of(
            "%,d identities merged with %,d".formatted(a.uses().samples(), b.uses().samples()),
            Bench.seconds(Bench.median(times)),
            "",
            "DuckDB %s, %,.0f MB".formatted(Bench.seconds(Bench.median(others)), memory),
            Bench.ratio(Bench.median(others) / Bench.median(times))));
  }

  private void leaks(List<List<String>> rows) throws Exception {
    String base = "random";
    for (int s = 0; s < stages; s++) {
      String checkpoint = "c" + s;
      Bench.Run unused =
          bench.mixdown(
              "",
              "training",
              "append",
              release.resolve("runs/" + s),
              "--model-name",
              "m",
              "--stage",
              "s" + s,
              "--base-model",
              base,
              "--checkpoint",
              checkpoint,
              "--dataset",
              "d" + s,
              "--steps",
              "1",
              "--start",
              "2026-01-%02dT10:00:00".formatted(s + 1),
              "--end",
              "2026-01-%02dT11:00:00".formatted(s + 1),
              "--manifest",
              output.resolve("s" + s),
              "--registry",
              output.resolve("registry"));
      base = checkpoint;
    }
    Bench.Run first = leaks(base);
    List<Double> times = new ArrayList<>();
    double memory = 0;
    for (int round = 0; round < bench.rounds(); round++) {
      forgetMatches();
      Bench.Run run = leaks(base);
      times.add(run.seconds());
      memory = Math.max(memory, run.megabytes());
    }
    rows.add(
        List.of(
            "leaks of %,d samples x %,d records".formatted(stages * each, heldOut()),
            Bench.seconds(Bench.median(times)),
            "%,.0f MB".formatted(memory),
            "reading the content first: " + Bench.seconds(first.seconds()),
            ""));
  }

  private Bench.Run leaks(String model) throws Exception {
    return bench.mixdown(
        "-Xmx4g",
        "leaks",
        "--model",
        model,
        "--against",
        release.resolve("held.jsonl"),
        "--repo",
        release,
        "--output",
        output,
        "--workspace",
        workspace);
  }

  /** What was matched is kept in the workspace; here it is to be found again. */
  private void forgetMatches() throws IOException {
    try (Stream<Path> files = Files.list(workspace.resolve("content"))) {
      for (Path file : files.filter(f -> f.toString().contains("matches-")).toList()) {
        Files.delete(file);
      }
    }
  }

  private void remix(List<List<String>> rows, String manifest) throws Exception {
    long position = stages * each * 31 / 100 + 7;
    Bench.Run planned =
        Bench.java(
            List.of("-Xmx1g"),
            RemixPlanning.class,
            release.toString(),
            output.toString(),
            workspace.toString(),
            "all",
            manifest,
            String.valueOf(position));
    // Before it, a logger may have said that it is none.
    if (!planned.out().strip().lines().reduce("", (a, b) -> b).equals("0")) {
      throw new IllegalStateException("bytes were read: " + planned.out());
    }
    rows.add(
        List.of(
            "a remix at %,d planned".formatted(position),
            Bench.seconds(planned.seconds()),
            "%,.0f MB".formatted(planned.megabytes()),
            "",
            ""));
    String ratio =
        String.join(
            ",", IntStream.range(0, stages).mapToObj(s -> "d" + s + "=" + (s + 1)).toList());
    Files.writeString(
        release.resolve("all.json"),
        Files.readString(release.resolve("all.json"))
            .replace("\"total_clips\": " + stages * each, "\"total_clips\": " + each));
    Bench.Run whole =
        bench.mixdown(
            "-Xmx4g",
            "remix",
            output.resolve("all").resolve(manifest),
            "--at",
            position,
            "--ratio",
            ratio,
            "--check=quick",
            "--repo",
            release,
            "--output",
            output,
            "--workspace",
            workspace);
    rows.add(
        List.of(
            "%,d samples of it, with the proof over %,d".formatted(each, stages * each),
            Bench.seconds(whole.seconds()),
            "%,.0f MB".formatted(whole.megabytes()),
            "",
            ""));
  }

  private static double bytesPerIdentity(Path manifest) throws IOException {
    Storage storage = Storage.of(Map.of());
    UsedManifest used =
        UsedManifest.of(storage, ManifestFolder.at(storage, manifest.toString()).orElseThrow());
    long bytes = used.uses().parts().stream().mapToLong(p -> p.bytes()).sum();
    long identities = used.uses().parts().stream().mapToLong(p -> p.identities()).sum();
    return (double) bytes / identities;
  }

  // Content, per byte of JSONL.

  private String content() throws Exception {
    int shards = (int) bench.size(8, 2);
    Path data = bench.work().resolve(bench.quick() ? "inspect-quick" : "inspect");
    List<Path> paths =
        BenchmarkData.shards(data, (int) bench.size(16, 4), bench.size(256L << 20, 4L << 20), 150)
            .subList(0, shards);
    List<FileInfo> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(Storage.of(Map.of()).stat(path.toString()).orElseThrow());
    }
    long bytes = files.stream().mapToLong(FileInfo::bytes).sum();
    List<Double> inspected = new ArrayList<>();
    List<Double> read = new ArrayList<>();
    for (int round = bench.quick() ? 0 : -1; round < bench.rounds(); round++) {
      double plain = Bench.onTwoThreads(files, this::inspect);
      double content = Bench.onTwoThreads(files, this::readContent);
      if (round >= 0) {
        inspected.add(plain);
        read.add(content);
      }
    }
    double plain = Bench.median(inspected);
    double content = Bench.median(read);
    return Bench.table(
        List.of(
            List.of(
                "%,.0f MB of JSONL, two threads".formatted(bytes / 1e6), "time", "MB/s", "speed"),
            List.of(
                "inspected, --check=full",
                Bench.seconds(plain),
                "%,.0f".formatted(bytes / 1e6 / plain),
                "1.00"),
            List.of(
                "content identities",
                Bench.seconds(content),
                "%,.0f".formatted(bytes / 1e6 / content),
                Bench.ratio(plain / content))));
  }

  private static ShardFormat jsonl() {
    return ShardFormat.named("shard.jsonl", Optional.empty()).format().orElseThrow();
  }

  private void inspect(FileInfo file) throws Exception {
    Storage storage = Storage.of(Map.of());
    Workspace kept = new Workspace(storage, bench.work().resolve("workspace").toString());
    Object unused =
        new ShardInspector(kept, ReadCounter.unseen())
            .inspect(file, InspectionSpec.of(jsonl(), true, false));
  }

  private void readContent(FileInfo file) throws Exception {
    ContentSpec spec =
        new ContentSpec(
            jsonl(),
            dev.mixdown.configs.datasets.DatasetEntry.CsvOptions.DEFAULT,
            List.of(),
            false);
    List<String> files =
        ContentFiles.files(
            bench.work().resolve("workspace") + "/content-" + Path.of(file.path()).getFileName(),
            file.bytes() / 500);
    Object unused =
        ContentFiles.write(Storage.of(Map.of()), new ContentFiles.Shard(file, spec, files));
  }
}
