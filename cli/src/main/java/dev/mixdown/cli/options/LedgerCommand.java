package dev.mixdown.cli.options;

import dev.mixdown.transforms.shards.Workspace;
import picocli.CommandLine.Mixin;

/** A command that shows numbers where the ledger of a workspace knows them. */
public abstract class LedgerCommand extends RepositoryCommand {
  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  protected Workspace workspace() {
    return workspace.workspace();
  }
}
