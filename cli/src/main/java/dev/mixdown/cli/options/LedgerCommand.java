package dev.mixdown.cli.options;

import picocli.CommandLine.Mixin;

/** A command that shows numbers where the ledger of a workspace knows them. */
public abstract class LedgerCommand extends RepositoryCommand {
  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  protected String workspace() {
    return workspace.folder();
  }
}
