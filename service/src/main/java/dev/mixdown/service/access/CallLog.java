package dev.mixdown.service.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Secrets;
import dev.mixdown.registry.CallEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.service.http.Operation;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;

/** Records calls that write: who asked for what, when, and what came of it. */
public final class CallLog {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Registry registry;
  private final Clock clock;

  public CallLog(Registry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Records one.
   *
   * @param path with the query
   * @param body what it said
   * @param outcome what was wrong; empty where nothing was
   */
  public void add(
      String caller,
      Operation operation,
      String path,
      ObjectNode body,
      int status,
      Optional<String> outcome)
      throws IOException {
    Instant now = clock.instant();
    registry.add(
        new CallEntry(
            ID.format(now) + "-" + UUID.randomUUID().toString().substring(0, 8),
            caller,
            operation.id(),
            operation.method(),
            path,
            Secrets.masked(body),
            status,
            outcome.orElse(null),
            now.toString()));
  }
}
