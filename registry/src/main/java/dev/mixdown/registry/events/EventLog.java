package dev.mixdown.registry.events;

import dev.mixdown.registry.Registry;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where a run's events go: a file for each in the registry, and where an endpoint is named, the
 * outbox on this machine's disk. Sending goes on beside the run, and nothing waits for an endpoint
 * that does not answer: what could not be sent is sent by the next run, or by {@code mixdown
 * lineage flush}.
 */
public final class EventLog {
  /** How long an endpoint may take for an event while a run is going on. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How long a run that is done goes on sending. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Storage storage;
  private final String folder;
  private final Optional<Outbox> outbox;
  private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);

  /**
   * @param registry which keeps the events
   * @param outboxes the folder of this machine's outboxes, one for each endpoint
   */
  public EventLog(Registry registry, EventSettings settings, Path outboxes) {
    this.storage = registry.storage();
    this.folder = StoragePath.resolve(registry.folder(), "events");
    this.outbox = outbox(storage, settings, outboxes, PATIENCE);
  }

  /** The outbox of the endpoint that is named; empty where none is. */
  public static Optional<Outbox> outbox(
      Storage storage, EventSettings settings, Path outboxes, Duration patience) {
    return settings
        .endpoint()
        .map(
            endpoint ->
                new Outbox(
                    storage,
                    outboxes.resolve(
                        endpoint.getHost()
                            + "-"
                            + Digests.sha256(endpoint.toString()).substring(0, 12)),
                    endpoint,
                    settings.apiKey(),
                    patience));
  }

  /** Keeps an event, and begins to send it. */
  public void emit(Event event) throws IOException {
    storage.write(
        StoragePath.resolve(folder, event.file()),
        (event.json() + "\n").getBytes(StandardCharsets.UTF_8));
    if (outbox.isPresent()) {
      Outbox box = outbox.get();
      try {
        box.put(event);
      } catch (IOException e) {
        // The event is in the registry; a full disk here is not worth a run.
        return;
      }
      sending = sending.handleAsync((done, failed) -> send(box));
    }
  }

  private static Void send(Outbox outbox) {
    try {
      outbox.send();
    } catch (IOException e) {
      // It stays in the outbox.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  /**
   * Gives the last events a moment to be sent. An event that is on its way then may still arrive:
   * cut off, it would be sent a second time.
   */
  public void close() {
    if (!isSentIn(FAREWELL)) {
      outbox.ifPresent(Outbox::finish);
      isSentIn(PATIENCE);
    }
  }

  private boolean isSentIn(Duration time) {
    try {
      sending.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      // They stay in the outbox.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
