package dev.mixdown.cli.options;

import dev.mixdown.pipelines.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The folder that manifests lie in. */
public final class OutputArgument {
  @Parameters(
      arity = "0..1",
      paramLabel = "OUTPUT",
      description =
          "The folder that prepare writes manifests to (default: $MIXDOWN_OUTPUT, else out).")
  private @Nullable String folder;

  /** Settings with this folder. */
  public Settings in(Settings settings) {
    return settings.with(Settings.OUTPUT, folder);
  }

  /** The folder that is named; else what the settings say; else the usual one. */
  public String folder(Settings settings) {
    return in(settings).output().orElse(Settings.USUAL_OUTPUT);
  }
}
