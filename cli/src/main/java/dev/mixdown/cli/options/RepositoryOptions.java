package dev.mixdown.cli.options;

import dev.mixdown.configs.repository.ReleaseRepository;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which release repository a command is about, and which of its environments applies. */
public final class RepositoryOptions {
  @Option(
      names = "--repo",
      paramLabel = "DIR",
      defaultValue = ".",
      order = 10,
      description = "The release repository (default: ${DEFAULT-VALUE}).")
  private String repo = ".";

  @Option(
      names = "--environment",
      paramLabel = "ENV",
      order = 11,
      description =
          "Which of the environments in stage_config.yaml is laid over it (default:"
              + " $MIXDOWN_ENVIRONMENT, else none).")
  private @Nullable String environment;

  /** The repository, as it is seen with this process's environment. */
  public ReleaseRepository repository() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    if (environment != null) {
      variables.put(ReleaseRepository.NAMED_ENVIRONMENT, environment);
    }
    return new ReleaseRepository(repo, variables);
  }
}
