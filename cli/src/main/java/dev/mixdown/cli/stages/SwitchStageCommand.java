package dev.mixdown.cli.stages;

import dev.mixdown.configs.switching.Arm;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Switches by hand. */
@Command(
    name = "switch-stage",
    description = {
      "Switch to another stage by hand.",
      "",
      "Its config is checked first; one that cannot be used is not entered."
    },
    sortOptions = false)
class SwitchStageCommand extends SwitchingCommand {
  @Parameters(paramLabel = "STAGE", description = "The stage to enter.")
  private String stage = "";

  @Option(
      names = "--variant",
      paramLabel = "V",
      description = "The arm of an A/B stage. Without it arms go by unit, or by AB_VARIANT.")
  private @Nullable String variant;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "manual_switch",
      description = "What switch_reason says (default: ${DEFAULT-VALUE}).")
  private String reason = "manual_switch";

  @Override
  public Integer call() throws Exception {
    checkReason(reason);
    return perform(
        stage, () -> switcher().enter(new Arm(stage, Optional.ofNullable(variant)), by(), reason));
  }
}
