package dev.mixdown.cli.stages;

import dev.mixdown.configs.switching.StageSwitcher;
import picocli.CommandLine.Command;

/** Accepts a proposal. */
@Command(
    name = "confirm",
    description = "Make the switch that a check has proposed (mode hybrid).",
    sortOptions = false)
final class ConfirmCommand extends SwitchingCommand {
  @Override
  public Integer call() throws Exception {
    StageSwitcher switcher = switcher();
    return perform(switcher.proposal().stage(), () -> switcher.confirm(by()));
  }
}
