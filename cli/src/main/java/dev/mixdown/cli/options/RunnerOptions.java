package dev.mixdown.cli.options;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.pipelines.RunnerSettings;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a command's pipelines run, with how many workers, and Beam's own options. */
public final class RunnerOptions extends WorkersOption {
  @Option(
      names = "--runner",
      paramLabel = "RUNNER",
      defaultValue = "direct",
      order = 60,
      description = "direct or flink (default: ${DEFAULT-VALUE}).")
  private RunnerSettings.Runner runner = RunnerSettings.Runner.DIRECT;

  @Override
  public RunnerSettings settings() {
    List<String> beamOptions = RootCommand.of(spec()).beamOptions();
    RunnerSettings settings = new RunnerSettings(runner, parallelism(), beamOptions);
    if (!beamOptions.isEmpty()) {
      try {
        settings.options();
      } catch (IllegalArgumentException e) {
        throw badUsage("Beam's options: " + e.getMessage());
      }
    }
    return settings;
  }
}
