package dev.mixdown.cli.options;

import dev.mixdown.pipelines.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which folder the registry is. */
public final class RegistryFolderOption {
  @Option(
      names = Settings.REGISTRY,
      paramLabel = "DIR",
      order = 80,
      description =
          "The registry, which knows what happened (default: $MIXDOWN_REGISTRY, else registry in the"
              + " output folder, which is $MIXDOWN_OUTPUT, else out, unless --output names another).")
  private @Nullable String folder;

  /** The option's name before. */
  @Option(names = "--records", paramLabel = "DIR", hidden = true)
  private @Nullable String oldFolder;

  /** Settings with this option. */
  public Settings in(Settings settings) {
    return settings.with(Settings.REGISTRY, folder == null ? oldFolder : folder);
  }
}
