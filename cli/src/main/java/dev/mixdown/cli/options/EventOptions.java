package dev.mixdown.cli.options;

import dev.mixdown.registry.events.EventSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where this process's environment says that lineage events go. */
public final class EventOptions {
  private EventOptions() {}

  /**
   * The settings of the environment.
   *
   * @param command whose usage is bad when they cannot be understood
   */
  public static EventSettings settings(CommandSpec command) {
    try {
      return EventSettings.from(System.getenv());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
  }
}
