package dev.mixdown.cli.online;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.PartReader;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A release repository with an online stage, in a folder of a test. */
final class StreamSite {
  final Path folder;
  final Path repo;
  final Path out;
  final Storage storage = Storage.of(Map.of());
  final ObjectNode stageConfig = Json.object();
  final TreeMap<String, String> weights = new TreeMap<>();

  StreamSite(Path folder) throws IOException {
    this.folder = folder;
    this.repo = folder.resolve("repo");
    this.out = folder.resolve("out");
    Files.createDirectories(repo.resolve("stages"));
    Files.writeString(
        repo.resolve("stage_config.yaml"),
        """
        stages:
          online_learning:
            name: "Online"
            config_file: "stages/online_learning.json"
            priority: 1
            trigger_mode: manual
          pretraining:
            name: "Before"
            config_file: "stages/pretraining.json"
            priority: 2
        default_stage: online_learning
        """);
    stageConfig.put("sampling_strategy", "balanced").put("seed", 7).put("shuffle_block", 16);
    online().put("increment_samples", 32).put("settle", "0s").put("max_wait", "1h");
    online().put("poll", "200ms");
  }

  ObjectNode online() {
    return stageConfig.withObject("/online");
  }

  /** Writes the config as it is now. */
  StreamSite write() throws IOException {
    ObjectNode config = Json.object();
    ObjectNode meta = config.putObject("meta").put("stage", "online_learning");
    meta.set("stage_config", stageConfig);
    ArrayNode index = config.putArray("dataset_index");
    weights.forEach(
        (name, weight) ->
            index
                .addObject()
                .put("name", name)
                .put("obs_path", "data/" + name + "/")
                .put("stage_weight", new java.math.BigDecimal(weight)));
    Files.write(repo.resolve("stages/online_learning.json"), Json.write(config));
    return this;
  }

  Path file(String dataset, String name) throws IOException {
    Path file = repo.resolve("data").resolve(dataset).resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  /** Writes a file of JSON lines at once. */
  Path put(String dataset, String name, List<String> records) throws IOException {
    Path file = file(dataset, name);
    Path draft = folder.resolve("draft");
    Files.writeString(draft, String.join("\n", records) + "\n");
    Files.move(draft, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  /** Some records that are like no others. */
  static List<String> records(String name, int from, int to) {
    List<String> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add("{\"id\":\"%s-%d\"}".formatted(name, i));
    }
    return records;
  }

  Cli.Result run(Object... args) {
    List<String> all = new ArrayList<>(List.of("online"));
    for (Object arg : args) {
      all.add(arg.toString());
    }
    all.addAll(
        List.of(
            "--repo",
            repo.toString(),
            "--output",
            out.toString(),
            "--workspace",
            folder.resolve("workspace").toString()));
    return Cli.plain(all.toArray(String[]::new));
  }

  JsonNode json(Object... args) {
    List<Object> all = new ArrayList<>(List.of(args));
    all.add("--json");
    Cli.Result result = run(all.toArray());
    if (result.code() != 0) {
      throw new AssertionError(result.err() + result.out());
    }
    return result.json();
  }

  Path stream() {
    return out.resolve("online_learning/online");
  }

  List<Increment> increments() throws IOException {
    List<Increment> increments = new ArrayList<>();
    for (long seq = 1; ; seq++) {
      Path file = stream().resolve(Increment.file(seq));
      if (Files.notExists(file)) {
        return increments;
      }
      increments.add(Increment.read(Files.readAllBytes(file)));
    }
  }

  List<Sample> rows(Increment increment) throws IOException {
    List<Sample> rows = new ArrayList<>();
    for (Increment.Part part : increment.parts()) {
      PartReader.read(storage, stream().resolve(part.path()).toString(), rows::add);
    }
    return rows;
  }

  /** The record that a row means, as its file has it now. */
  static String text(Increment increment, Sample row) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(increment.shards().get(row.shard()).uri()));
    return new String(bytes, (int) row.offset(), row.length(), StandardCharsets.UTF_8);
  }

  /** The command {@code online} in a process of its own, of the jars that are built before. */
  ProcessBuilder process(List<String> jvm, String... args) {
    Path target = TestFiles.root().resolve("cli/target");
    List<String> command = new ArrayList<>(List.of("java"));
    command.addAll(jvm);
    command.addAll(
        List.of(
            "-cp",
            target.resolve("mixdown.jar") + ":" + target.resolve("lib") + "/*",
            "dev.mixdown.cli.Mixdown",
            "online",
            args[0],
            "--repo",
            repo.toString(),
            "--output",
            out.toString(),
            "--workspace",
            folder.resolve("workspace").toString()));
    command.addAll(List.of(args).subList(1, args.length));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(folder.resolve(args[0] + ".log").toFile()));
  }
}
