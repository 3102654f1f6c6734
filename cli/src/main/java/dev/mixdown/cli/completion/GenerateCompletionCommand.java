package dev.mixdown.cli.completion;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the script that completes the command line. */
@Command(
    name = "generate-completion",
    aliases = "completion",
    description = {
      "Print a script that completes mixdown's commands, options, stages, variants and datasets.",
      "",
      "In bash or zsh:  source <(mixdown completion)"
    })
public final class GenerateCompletionCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Override
  public void run() {
    spec.commandLine().getOut().print(CompletionScript.of(spec.root().commandLine()));
    spec.commandLine().getOut().flush();
  }
}
