package dev.mixdown.cli.options;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.pipelines.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which release repository a command is about, and which of its environments applies. */
public final class RepositoryOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      defaultValue = ".",
      order = 10,
      description = "The release repository (default: ${DEFAULT-VALUE}).")
  private String repo = ".";

  @Option(
      names = Settings.ENVIRONMENT,
      paramLabel = "ENV",
      order = 11,
      description =
          "Which of the environments in stage_config.yaml is laid over it (default:"
              + " $MIXDOWN_ENVIRONMENT, else none).")
  private @Nullable String environment;

  /** Settings with the environment of this option. */
  public Settings in(Settings settings) {
    return settings.with(Settings.ENVIRONMENT, environment);
  }

  /** The repository, as it is seen with the settings. */
  public ReleaseRepository repository() {
    return in(RootCommand.of(spec).settings()).repository(repo);
  }
}
