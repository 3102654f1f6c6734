package dev.mixdown.registry.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Events that wait on local disk until their endpoint has taken them. They are sent in order, one
 * after another, and each is removed when it was taken; only one process sends at a time. What the
 * endpoint refuses as wrong is put aside, so that it holds up nothing.
 */
public final class Outbox {
  private static final String REFUSED = "refused";

  private final Storage storage;
  private final Path folder;
  private final URI endpoint;
  private final Optional<String> apiKey;
  private final Duration patience;
  private volatile boolean finishing;

  /**
   * @param folder local; made where it is not there
   * @param patience how long an endpoint may take to answer
   */
  public Outbox(
      Storage storage, Path folder, URI endpoint, Optional<String> apiKey, Duration patience) {
    this.storage = storage;
    this.folder = folder;
    this.endpoint = endpoint;
    this.apiKey = apiKey;
    this.patience = patience;
  }

  /**
   * How sending went.
   *
   * @param sent events that the endpoint took
   * @param refused events that it will never take
   * @param left events that wait for the next time
   * @param problem why some are left
   */
  public record Delivery(int sent, int refused, int left, Optional<String> problem) {
    /** The document that {@code lineage flush --json} prints. */
    public ObjectNode json() {
      return Json.object()
          .put("sent", sent)
          .put("refused", refused)
          .put("left", left)
          .put("problem", problem.orElse(null));
    }
  }

  /** Lets the event that is being sent arrive, and sends no other. */
  void finish() {
    finishing = true;
  }

  /** Puts an event in. */
  public void put(Event event) throws IOException {
    storage.write(
        folder.resolve(event.file()).toString(), event.json().getBytes(StandardCharsets.UTF_8));
  }

  /** How many events wait in all outboxes of a folder, whatever their endpoints are. */
  public static int waitingIn(Storage storage, Path outboxes) throws IOException {
    if (!Files.isDirectory(outboxes)) {
      return 0;
    }
    int waiting = 0;
    try (Stream<Path> folders = Files.list(outboxes)) {
      for (Path folder : (Iterable<Path>) folders::iterator) {
        waiting += waiting(storage, folder).size();
      }
    }
    return waiting;
  }

  private List<String> waiting() throws IOException {
    return waiting(storage, folder);
  }

  private static List<String> waiting(Storage storage, Path folder) throws IOException {
    return storage.names(folder.toString()).stream()
        .filter(name -> name.endsWith(".json") && !name.startsWith("."))
        .toList();
  }

  /** Sends what waits, oldest first, until all is sent or the endpoint does not answer. */
  public Delivery send() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Optional<FileLock> held = lock(lock);
      if (held.isEmpty()) {
        return new Delivery(
            0, 0, waiting().size(), Optional.of("another process is sending them just now"));
      }
      return sendAll();
    }
  }

  private static Optional<FileLock> lock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return Optional.empty();
    }
  }

  private Delivery sendAll() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build();
    int sent = 0;
    int refused = 0;
    List<String> waiting = waiting();
    for (String name : waiting) {
      if (finishing) {
        return new Delivery(
            sent, refused, waiting.size() - sent - refused, Optional.of("the run is done"));
      }
      Path file = folder.resolve(name);
      Optional<byte[]> event = storage.read(file.toString());
      if (event.isEmpty()) {
        continue;
      }
      int left = waiting.size() - sent - refused;
      int status;
      try {
        status = post(client, event.get());
      } catch (IOException e) {
        String problem = shown() + " cannot be reached" + Causes.inBrackets(e);
        return new Delivery(sent, refused, left, Optional.of(problem));
      }
      if (status / 100 == 2) {
        storage.delete(List.of(file.toString()));
        sent++;
      } else if (isRefusal(status)) {
        putAside(file);
        refused++;
      } else {
        return new Delivery(sent, refused, left, Optional.of(shown() + " answered " + status));
      }
    }
    return new Delivery(sent, refused, 0, Optional.empty());
  }

  /** The same event may be refused again: what was put aside before is replaced. */
  private void putAside(Path file) throws IOException {
    Files.createDirectories(folder.resolve(REFUSED));
    Files.move(
        file,
        folder.resolve(REFUSED).resolve(file.getFileName()),
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** The endpoint without what may be secret in it. */
  private String shown() {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + port + endpoint.getPath();
  }

  /** Whether the event is at fault, and not the endpoint, the network or the key. */
  private static boolean isRefusal(int status) {
    return status == 400 || status == 413 || status == 422;
  }

  private int post(HttpClient client, byte[] event) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(patience)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(event));
    apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
