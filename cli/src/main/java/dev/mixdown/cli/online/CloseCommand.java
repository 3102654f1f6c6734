package dev.mixdown.cli.online;

import dev.mixdown.pipelines.increments.OnlineTick;
import dev.mixdown.registry.streams.Increment;
import picocli.CommandLine.Command;

/** Ends a stream for good. */
@Command(
    name = "close",
    description = {
      "End the stream for good: a last increment without samples tells trainers that there is no"
          + " more, and online run ends.",
      "",
      "What waits is not published: run online drain first for the whole blocks of it."
    },
    sortOptions = false)
public final class CloseCommand extends StepCommand {
  @Override
  public Integer call() throws Exception {
    Increment last = new OnlineTick(request(), clock()).close();
    if (json()) {
      print(ForgetCommand.json(last));
    } else {
      out().println(text(last));
    }
    return 0;
  }
}
