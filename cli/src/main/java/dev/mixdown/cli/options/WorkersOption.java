package dev.mixdown.cli.options;

import dev.mixdown.pipelines.RunnerSettings;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many workers a command has. */
public class WorkersOption {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "0",
      order = 61,
      description = "How many workers at once (default: one a core).")
  private int parallelism;

  final CommandSpec spec() {
    return spec;
  }

  /**
   * Where the command's pipelines run.
   *
   * @throws ParameterException when it cannot be there
   */
  public RunnerSettings settings() {
    return new RunnerSettings(RunnerSettings.Runner.DIRECT, parallelism(), List.of());
  }

  /** At least 0; 0 for one a core. */
  final int parallelism() {
    if (parallelism < 0) {
      throw badUsage("--parallelism is " + parallelism + "; it may not be below 0");
    }
    return parallelism;
  }

  final ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
