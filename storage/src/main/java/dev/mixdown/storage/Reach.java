package dev.mixdown.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lists files where they are only looked at: a store that does not answer in time is given up, and
 * not asked again.
 */
public final class Reach {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(2);

  private final Storage storage;
  private final Optional<Duration> patience;
  private final Map<String, String> unreachable = new HashMap<>();

  private Reach(Storage storage, Optional<Duration> patience) {
    this.storage = storage;
    this.patience = patience;
  }

  /** Waits as long as a store's client does. */
  public static Reach patient(Storage storage) {
    return new Reach(storage, Optional.empty());
  }

  /** Waits for each store ten seconds at most, once. */
  public static Reach impatient(Storage storage) {
    return new Reach(storage, Optional.of(PATIENCE));
  }

  /** Where it lists files. */
  public Storage storage() {
    return storage;
  }

  /**
   * See {@link Storage#match(String, String)}.
   *
   * @throws StoreException also when the store did not answer before
   */
  public Matched match(String folder, String pattern) throws IOException {
    Optional<String> scheme = StoragePath.scheme(StoragePath.resolve(folder, pattern));
    if (patience.isEmpty() || scheme.isEmpty() || scheme.get().equals("file")) {
      return storage.match(folder, pattern);
    }
    String known = unreachable.get(scheme.get());
    if (known != null) {
      throw new StoreException(scheme.get() + ":// was given up before: " + known);
    }
    long begin = System.nanoTime();
    try {
      return inTime(folder, pattern, patience.get());
    } catch (IOException e) {
      // What a store answers soon says something of one path, and nothing of the store.
      if (System.nanoTime() - begin > SOON.toNanos()) {
        unreachable.put(scheme.get(), String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private Matched inTime(String folder, String pattern, Duration time) throws IOException {
    CompletableFuture<Matched> found = new CompletableFuture<>();
    Thread asking =
        new Thread(
            () -> {
              try {
                found.complete(storage.match(folder, pattern));
              } catch (IOException | RuntimeException e) {
                found.completeExceptionally(e);
              }
            });
    asking.setDaemon(true);
    asking.start();
    try {
      return found.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      asking.interrupt();
      throw new StoreException(
          "%s: no answer in %d seconds"
              .formatted(StoragePath.resolve(folder, pattern), time.toSeconds()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new StoreException(Causes.text(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while waiting for a store", e);
    }
  }
}
