package dev.mixdown.cli.stages;

import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.stages.ResolvedStage;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells a training script what to train with. */
@Command(
    name = "resolve",
    description = {
      "Print what a training script needs: stage, variant, config and current manifest.",
      "",
      "In a script:  eval \"$(mixdown stage resolve --output DIR)\"",
      "It sets MIXDOWN_STAGE, MIXDOWN_VARIANT, MIXDOWN_CONFIG, MIXDOWN_MANIFEST and"
          + " MIXDOWN_MANIFEST_ID, and unsets those that there are none for. Where something is"
          + " wrong, the eval fails."
    },
    sortOptions = false)
final class ResolveCommand extends RepositoryCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "STAGE",
      description =
          "The stage. Without it: TRAINING_STAGE, else (auto or unset) the active stage, else the"
              + " default stage.")
  private @Nullable String stage;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--unit",
      paramLabel = "ID",
      description =
          "Whose arm of an A/B stage is meant: always the same for the same ID, and over many in"
              + " the proportion of the variants' weights.")
  private @Nullable String unit;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where prepare writes manifests (default: $MIXDOWN_OUTPUT).")
  private @Nullable String output;

  @Override
  public Integer call() throws Exception {
    if (config.choice(stage).variant().isPresent() && unit != null) {
      throw badUsage("--variant and --unit exclude each other; leave one out");
    }
    if (unit != null && unit.isBlank()) {
      throw badUsage("--unit is empty, so everybody would have the same arm; name the unit");
    }
    if (json()) {
      print(resolved().json());
      return 0;
    }
    try {
      ResolvedStage resolved = resolved();
      resolved
          .variables()
          .forEach(
              (name, value) ->
                  out()
                      .println(
                          value
                              .map(v -> "export " + name + "=" + quoted(v))
                              .orElse("unset " + name)));
      return 0;
    } catch (IOException | RuntimeException e) {
      // Inside $( ) the exit code is lost: this makes the eval around it fail.
      out().println("false");
      throw e;
    }
  }

  private ResolvedStage resolved() throws IOException {
    Resolution resolution =
        repository().resolve(config.choice(stage).of(Optional.ofNullable(unit)));
    ResolvedStage resolved =
        ResolvedStage.of(storage(), resolution, settings().with(Settings.OUTPUT, output).output());
    resolved.notes().forEach(note -> err().println("Note: " + note));
    return resolved;
  }

  /** Text that a shell takes as it is. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
