package dev.mixdown.cli.online;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.increments.OnlineTick;
import dev.mixdown.pipelines.increments.OnlineTick.Ticked;
import picocli.CommandLine.Command;

/** Does one step of a stream. */
@Command(
    name = "tick",
    description = {
      "Do one step, for cron: find what arrived, read it, and publish the next increment if there is"
          + " enough for one.",
      "",
      "Several may run at once, beside online run too: one publishes, the others see it."
    },
    sortOptions = false)
public final class TickCommand extends StepCommand {
  @Override
  public Integer call() throws Exception {
    Ticked ticked = new OnlineTick(request(), clock()).tick(false);
    print(ticked);
    return 0;
  }

  /** Says what a step did. */
  void print(Ticked ticked) {
    if (json()) {
      print(json(ticked));
      return;
    }
    ticked.step().notes().forEach(note -> err().println("Note: " + note));
    ticked.step().look().problems().forEach(problem -> err().println("Rejected: " + problem));
    out()
        .println(
            ticked
                .published()
                .map(StepCommand::text)
                .orElseGet(
                    () ->
                        "Nothing to publish at position %,d: %s"
                            .formatted(ticked.position(), ticked.step().look().why())));
  }

  /** The document that {@code tick --json} prints. */
  static ObjectNode json(Ticked ticked) {
    ObjectNode json =
        Json.object()
            .put("path", ticked.folder().path())
            .put("position", ticked.position())
            .put("published", ticked.published().isPresent());
    ticked
        .published()
        .ifPresent(
            increment ->
                json.putObject("increment")
                    .put("seq", increment.seq())
                    .put("id", increment.id())
                    .put("from", increment.positions().from())
                    .put("to", increment.positions().to())
                    .put("rule", increment.cut().rule())
                    .put("closed", increment.closed()));
    json.set("look", Json.read(ticked.step().look().bytes()));
    json.set("notes", Json.tree(ticked.step().notes()));
    return json;
  }
}
