package dev.mixdown.cli.options;

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

  private List<String> beamOptions = List.of();

  /** What followed {@code --} on the command line. */
  public void setBeamOptions(List<String> options) {
    beamOptions = options;
  }

  @Override
  public RunnerSettings settings() {
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
