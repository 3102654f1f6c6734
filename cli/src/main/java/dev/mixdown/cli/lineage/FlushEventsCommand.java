package dev.mixdown.cli.lineage;

import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.pipelines.Failure;
import dev.mixdown.registry.events.EventLog;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.registry.events.Outbox;
import dev.mixdown.registry.events.Outbox.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Sends the lineage events that wait for their endpoint. */
@Command(
    name = "flush",
    description = {
      "Send the OpenLineage events that wait in this machine's outbox, in order.",
      "",
      "OPENLINEAGE_URL names the endpoint, OPENLINEAGE_API_KEY the key where it wants one. Ends with 1"
          + " when some are left."
    },
    sortOptions = false)
final class FlushEventsCommand extends JsonCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public Integer call() throws Exception {
    Path outboxes = settings().outboxes();
    EventSettings settings = events();
    Outbox outbox =
        EventLog.outbox(storage(), settings, outboxes, PATIENCE)
            .orElseThrow(
                () ->
                    badUsage(
                        "OPENLINEAGE_URL is not set; it names the endpoint that events are sent to"));
    Delivery delivery = outbox.send();
    Optional<String> problem = delivery.problem();
    if (json()) {
      print(delivery.json());
    } else {
      out()
          .printf(
              "Sent %d, refused by the endpoint %d, left %d%n",
              delivery.sent(), delivery.refused(), delivery.left());
      problem.ifPresent(text -> err().println("mixdown: " + text));
      int others = Outbox.waitingIn(storage(), outboxes) - delivery.left();
      if (others > 0) {
        err().printf("Note: %d wait for other endpoints in %s%n", others, outboxes);
      }
    }
    return delivery.left() == 0 ? 0 : Failure.FAILED;
  }
}
