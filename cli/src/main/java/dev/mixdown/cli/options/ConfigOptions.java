package dev.mixdown.cli.options;

import dev.mixdown.configs.stages.StageChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which arm of a stage is meant, which config, and which tasks. */
public final class ConfigOptions {
  @Option(
      names = "--variant",
      paramLabel = "V",
      order = 12,
      description = "The arm of an A/B stage. Without it: AB_VARIANT, else the current variant.")
  private @Nullable String variant;

  @Option(
      names = "--config",
      paramLabel = "NAME|FILE",
      order = 13,
      description =
          "A dataset config by hand: a file, or the NAME of training_dataset.NAME.json (default:"
              + " the stage's).")
  private @Nullable String config;

  @Option(
      names = "--task",
      paramLabel = "T",
      order = 14,
      split = ",",
      description =
          "Take the datasets whose task_tags have T, and those without tags; may be repeated"
              + " (default: $TRAINING_TASKS, else all).")
  private List<String> tasks = new ArrayList<>();

  /** What a person means by a stage and these. */
  public StageChoice choice(@Nullable String stage) {
    return new StageChoice(
            Optional.ofNullable(stage), Optional.ofNullable(variant), Optional.empty())
        .with(Optional.ofNullable(config), tasks);
  }
}
