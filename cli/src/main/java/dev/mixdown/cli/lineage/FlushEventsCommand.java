package dev.mixdown.cli.lineage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.EventOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.Failures;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.events.EventLog;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.registry.events.Outbox;
import dev.mixdown.registry.events.Outbox.Delivery;
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
    EventSettings settings = EventOptions.settings(spec());
    Outbox outbox =
        EventLog.outbox(settings, WorkspaceOption.outboxes(), PATIENCE)
            .orElseThrow(
                () ->
                    badUsage(
                        "OPENLINEAGE_URL is not set; it names the endpoint that events are sent to"));
    Delivery delivery = outbox.send();
    Optional<String> problem = delivery.problem();
    if (json()) {
      ObjectNode document = Json.object();
      document.put("sent", delivery.sent());
      document.put("refused", delivery.refused());
      document.put("left", delivery.left());
      document.put("problem", problem.orElse(null));
      print(document);
    } else {
      out()
          .printf(
              "Sent %d, refused by the endpoint %d, left %d%n",
              delivery.sent(), delivery.refused(), delivery.left());
      problem.ifPresent(text -> err().println("mixdown: " + text));
      int others = Outbox.waitingIn(WorkspaceOption.outboxes()) - delivery.left();
      if (others > 0) {
        err()
            .printf(
                "Note: %d wait for other endpoints in %s%n", others, WorkspaceOption.outboxes());
      }
    }
    return delivery.left() == 0 ? 0 : Failures.FAILED;
  }
}
