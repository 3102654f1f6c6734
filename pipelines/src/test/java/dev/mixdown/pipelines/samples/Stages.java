package dev.mixdown.pipelines.samples;

import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.PrepareOutput;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.prepare.Prepared;
import dev.mixdown.pipelines.remix.RemixCheck;
import dev.mixdown.pipelines.show.ManifestSamples;
import dev.mixdown.pipelines.show.ManifestSamples.ReadPermission;
import dev.mixdown.pipelines.show.ShownSample;
import dev.mixdown.pipelines.verify.Verification;
import dev.mixdown.registry.Registry;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A release repository whose stages a test writes and prepares. */
final class Stages {
  final Storage storage = Storage.of(Map.of());
  final Path folder;
  final Settings settings;

  Stages(Path folder) {
    this.folder = folder;
    this.settings =
        Settings.of(Map.of())
            .with(Settings.WORKSPACE, folder.resolve("ws").toString())
            .with(Settings.OUTPUT, folder.resolve("out").toString())
            .with(Settings.REGISTRY, folder.resolve("registry").toString());
  }

  /** Writes a file of the repository. */
  void write(String name, String text) throws IOException {
    Path file = folder.resolve("repo").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Writes records, one a line. */
  void data(String name, List<String> lines) throws IOException {
    write(name, String.join("\n", lines) + "\n");
  }

  /** Writes the config of a stage: what stands in stage_config, and the entries of the index. */
  void stage(String stage, String config, String index) throws IOException {
    stage(stage, config, index, "");
  }

  void stage(String stage, String config, String index, String more) throws IOException {
    write(
        "stages/" + stage + ".json",
        "{\"meta\": {\"stage\": \"%s\", \"stage_config\": {%s}}, \"dataset_index\": [%s]%s}"
            .formatted(stage, config, index, more));
    Path stages = folder.resolve("repo/stages");
    StringBuilder yaml = new StringBuilder("stages:\n");
    try (var files = Files.list(stages)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".json", "");
        yaml.append("  ").append(name).append(":\n    config_file: stages/");
        yaml.append(name).append(".json\n");
      }
    }
    write("stage_config.yaml", yaml.toString());
  }

  /** An entry of the index. */
  static String entry(String name, String duplicate, String more) {
    return "{\"name\": \"%s\", \"obs_path\": \"data/%s/\", \"duplicate\": %s%s}"
        .formatted(name, name, duplicate, more);
  }

  PrepareRequest request(String stage) throws IOException {
    return request(stage, RunnerSettings.DIRECT);
  }

  PrepareRequest request(String stage, RunnerSettings runner) throws IOException {
    return new PrepareRequest(
        settings.repository(folder.resolve("repo").toString()),
        StageChoice.of(stage, Optional.empty()),
        settings.workspace(),
        0,
        ManifestFormat.JSONL,
        true,
        false,
        MaxRejected.DEFAULT,
        runner,
        Optional.empty(),
        RuleSources.of(settings),
        Optional.empty());
  }

  Prepared prepare(String stage) throws IOException {
    return new Preparation(request(stage), Progress.NONE).prepare(output());
  }

  PrepareOutput output() throws IOException {
    return new PrepareOutput(
        folder.resolve("out").toString(),
        Optional.empty(),
        settings.registry(),
        settings.events(),
        folder.resolve("outbox"),
        false,
        true);
  }

  Verification verification(String manifestFolder) throws IOException {
    RemixCheck remix =
        new RemixCheck(
            settings.workspace(),
            RunnerSettings.DIRECT,
            new Registry(storage, settings.registry(), damage -> {}));
    return new Verification(storage, manifestFolder, true, remix);
  }

  /** A sample of a manifest, with its record. */
  record Row(String dataset, String category, int pass, String text) {}

  /** The rows of a manifest. */
  List<Row> rows(String manifestFolder) throws IOException {
    ManifestFolder found = ManifestFolder.at(storage, manifestFolder).orElseThrow();
    List<Row> rows = new ArrayList<>();
    for (ShownSample shown :
        new ManifestSamples(storage, found, ReadPermission.ALL)
            .from(0, found.manifest().samples(), Optional.empty())
            .samples()) {
      rows.add(
          new Row(
              shown.sample().dataset(),
              shown.sample().category(),
              shown.sample().pass(),
              new String(shown.record(), StandardCharsets.UTF_8)));
    }
    return rows;
  }
}
