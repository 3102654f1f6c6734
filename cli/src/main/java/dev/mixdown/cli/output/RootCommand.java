package dev.mixdown.cli.output;

import dev.mixdown.pipelines.Settings;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What all commands of one command line have: its settings, and the options of Beam on it. */
public abstract class RootCommand extends ParentCommand {
  private final Settings settings;
  private final List<String> beamOptions;

  /**
   * @param beamOptions what followed {@code --} on the command line
   */
  protected RootCommand(Settings settings, List<String> beamOptions) {
    this.settings = settings;
    this.beamOptions = List.copyOf(beamOptions);
  }

  /** What the environment of this command line says. */
  public Settings settings() {
    return settings;
  }

  /** Beam's own options. */
  public List<String> beamOptions() {
    return beamOptions;
  }

  /** The root of the command line that a command, or an option of one, belongs to. */
  public static RootCommand of(CommandSpec spec) {
    return (RootCommand) spec.root().userObject();
  }
}
