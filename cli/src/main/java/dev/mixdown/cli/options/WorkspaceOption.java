package dev.mixdown.cli.options;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.transforms.shards.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a command keeps what it has read. */
public final class WorkspaceOption {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = Settings.WORKSPACE,
      paramLabel = "DIR",
      order = 81,
      description =
          "Where shard indexes and the ledger are kept, so that nothing is read twice"
              + " (default: $MIXDOWN_WORKSPACE, else ~/.cache/mixdown).")
  private @Nullable String folder;

  /** Settings with this option. */
  public Settings in(Settings settings) {
    return settings.with(Settings.WORKSPACE, folder);
  }

  /** The folder that is named; else what MIXDOWN_WORKSPACE names; else the user's cache. */
  public Workspace workspace() {
    return in(RootCommand.of(spec).settings()).workspace();
  }
}
