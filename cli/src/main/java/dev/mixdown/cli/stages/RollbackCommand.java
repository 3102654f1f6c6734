package dev.mixdown.cli.stages;

import dev.mixdown.configs.switching.StageSwitcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Goes back. */
@Command(
    name = "rollback",
    description = {
      "Enter the stage again that was active before this one.",
      "",
      "A second rollback undoes the first."
    },
    sortOptions = false)
final class RollbackCommand extends SwitchingCommand {
  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "rollback",
      description = "What switch_reason says (default: ${DEFAULT-VALUE}).")
  private String reason = "rollback";

  @Override
  public Integer call() throws Exception {
    checkReason(reason);
    StageSwitcher switcher = switcher();
    return perform(switcher.previous().stage(), () -> switcher.rollback(by(), reason));
  }
}
