package dev.mixdown.cli.stages;

import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.configs.switching.LoaderChanges;

/** A command after which another stage may be active. */
abstract class SwitchingOutput extends RepositoryCommand {
  /** Tells what a loader has to do. */
  void printChanges(LoaderChanges changes) {
    changes.drop().forEach(d -> out().printf("drop    %s: %s%n", d.dataset(), d.why()));
    if (!changes.keep().isEmpty()) {
      out().println("keep    " + String.join(", ", changes.keep()));
    }
    if (!changes.load().isEmpty()) {
      out().println("load    " + String.join(", ", changes.load()));
    }
    changes
        .consumerVersion()
        .ifPresent(v -> out().println("loader  the new stage is made for version " + v));
  }
}
