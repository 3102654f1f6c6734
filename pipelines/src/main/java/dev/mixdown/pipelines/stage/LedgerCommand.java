package dev.mixdown.pipelines.stage;

import dev.mixdown.pipelines.terminal.Workspaces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that shows numbers where the ledger of a workspace knows them. */
abstract class LedgerCommand extends RepositoryCommand {
  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      description = "Whose ledger is asked (default: $MIXDOWN_WORKSPACE, else ~/.cache/mixdown).")
  private @Nullable String workspace;

  String workspace() {
    return Workspaces.folder(workspace);
  }
}
