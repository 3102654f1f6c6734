package dev.mixdown.cli.online;

import dev.mixdown.pipelines.increments.OnlineTick;
import dev.mixdown.pipelines.increments.OnlineTick.Ticked;
import picocli.CommandLine.Command;

/** Publishes what there is, and ends a stream that runs. */
@Command(
    name = "drain",
    description = {
      "Publish what whole blocks there are, however few, and end online run where it runs.",
      "",
      "The stream is not closed: run or tick goes on with it at any time."
    },
    sortOptions = false)
public final class DrainCommand extends StepCommand {
  @Override
  public Integer call() throws Exception {
    OnlineTick tick = new OnlineTick(request(), clock());
    tick.requestDrain();
    Ticked ticked = tick.tick(true);
    if (json()) {
      print(TickCommand.json(ticked));
    } else {
      out()
          .println(
              ticked
                  .published()
                  .map(StepCommand::text)
                  .orElseGet(
                      () ->
                          "No whole block waits at position %,d: %s"
                              .formatted(ticked.position(), ticked.step().look().why())));
    }
    return 0;
  }
}
