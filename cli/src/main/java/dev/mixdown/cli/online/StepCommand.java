package dev.mixdown.cli.online;

import dev.mixdown.cli.options.CheckOption;
import dev.mixdown.cli.options.RegistryFolderOption;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of every command that may publish an increment. */
abstract class StepCommand extends StreamCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "STAGE",
      description =
          "The stage. Without it: TRAINING_STAGE, else the active stage, else the default stage.")
  private @Nullable String stage;

  @Option(
      names = "--manifest-format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "Of the parts: parquet or jsonl (default: ${DEFAULT-VALUE}).")
  private ManifestFormat format = ManifestFormat.PARQUET;

  @Mixin private CheckOption check = new CheckOption();

  @Option(
      names = "--max-rejected",
      paramLabel = "N|P%",
      description =
          "How many bad records a file may have, or per cent of its records; a file with more is"
              + " rejected (default: any number; bad records are left out and kept in rejected/).")
  private @Nullable String maxRejected;

  @Option(
      names = "--single-writer",
      description =
          "Nobody else writes to this stream: needed only on a store without conditional writes.")
  private boolean singleWriter;

  @Mixin private RegistryFolderOption registry = new RegistryFolderOption();

  @Mixin private RunnerOptions runner = new RunnerOptions();

  final OnlineRequest request() throws IOException {
    return request(stage);
  }

  final OnlineRequest request(@Nullable String ofStage) throws IOException {
    requireWritable(Settings.OUTPUT, output());
    Workspace folder = workspace().workspace();
    requireWritable(Settings.WORKSPACE, folder.folder());
    return new OnlineRequest(
        repository(),
        OnlineRequest.Stage.of(config().choice(ofStage)),
        output(),
        registry.in(located()).registry(),
        folder,
        format,
        check.full(),
        maxRejected(),
        runner.settings(),
        singleWriter);
  }

  private @Nullable MaxRejected maxRejected() {
    return maxRejected == null
        ? null
        : MaxRejected.parse(maxRejected)
            .orElseThrow(
                () ->
                    badUsage(
                        "--max-rejected is \"%s\"; a whole number of at least 0 is expected, or per cent such as 0.5%%"
                            .formatted(maxRejected)));
  }

  /** Says what was published. */
  static String text(Increment increment) {
    if (increment.closed()) {
      return "Increment %d closes the stream at position %,d"
          .formatted(increment.seq(), increment.positions().to());
    }
    return increment.samples() == 0
        ? "Increment %d, without samples".formatted(increment.seq())
        : "Increment %d: %s, positions %,d to %,d (%s)"
            .formatted(
                increment.seq(),
                Counts.of(increment.samples(), "sample"),
                increment.positions().from(),
                increment.positions().to(),
                increment.cut().rule());
  }
}
