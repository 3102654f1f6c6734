package dev.mixdown.cli.options;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that shows numbers where the ledger of a workspace knows them. */
public abstract class LedgerCommand extends RepositoryCommand {
  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      description = "Whose ledger is asked (default: $MIXDOWN_WORKSPACE, else ~/.cache/mixdown).")
  private @Nullable String workspace;

  protected String workspace() {
    return Workspaces.folder(workspace);
  }
}
