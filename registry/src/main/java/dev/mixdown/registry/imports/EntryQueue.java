package dev.mixdown.registry.imports;

import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryEntry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Entries that are written while the next rows are read. */
final class EntryQueue implements AutoCloseable {
  private static final int MOST = 4;

  private final Registry registry;
  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final Deque<Future<Boolean>> waiting = new ArrayDeque<>();

  EntryQueue(Registry registry) {
    this.registry = registry;
  }

  /** Has an entry written; waits where too many are. */
  void add(RegistryEntry entry) throws IOException {
    while (waiting.size() >= MOST) {
      await(waiting.remove());
    }
    waiting.add(writer.submit(() -> registry.add(entry)));
  }

  /** Waits until all are written. */
  void end() throws IOException {
    while (!waiting.isEmpty()) {
      await(waiting.remove());
    }
  }

  private static void await(Future<Boolean> write) throws IOException {
    try {
      write.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("an entry cannot be written", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while entries were written", e);
    }
  }

  @Override
  public void close() {
    writer.shutdownNow();
  }
}
