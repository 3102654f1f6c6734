package dev.mixdown.cli.online;

import dev.mixdown.pipelines.increments.StreamCheck;
import dev.mixdown.pipelines.increments.StreamCheck.Checked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a stream from its first increment to its last. */
@Command(
    name = "verify",
    description = {
      "Check the whole chain by what it has recorded: each increment goes on from the one before,"
          + " gives each stratum what is due, and its parts are byte for byte what comes of it.",
      "",
      "Source files are not needed. With --deep those that are there are read, and held against what"
          + " the chain has of them."
    },
    sortOptions = false)
public final class VerifyStreamCommand extends StreamCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "STAGE", description = "The stage.")
  private @Nullable String stage;

  @Option(names = "--deep", description = "Read the source files too.")
  private boolean deep;

  @Override
  public Integer call() throws Exception {
    Located stream = stream(stage);
    Checked checked =
        new StreamCheck(workspace().workspace(), stream.folder(), stream.document(), deep).check();
    if (json()) {
      print(checked.json());
    } else {
      checked.lines(deep).forEach(out()::println);
    }
    return 0;
  }
}
