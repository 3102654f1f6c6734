package dev.mixdown.registry.catalog;

import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryEntry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Entries of one kind, some at a time; the next are read while the last are written. */
final class EntryBatches implements AutoCloseable {
  private static final int BATCH = 64;
  private static final int AHEAD = 2;

  private final Registry registry;
  private final EntryKind<?> kind;
  private final List<String> ids;
  private final int batch;
  private final ExecutorService reader = Executors.newSingleThreadExecutor();
  private final Deque<Future<? extends List<? extends RegistryEntry>>> read = new ArrayDeque<>();
  private int next;

  EntryBatches(Registry registry, EntryKind<?> kind, List<String> ids) {
    this.registry = registry;
    this.kind = kind;
    this.ids = ids;
    // An entry of jobs has hundreds of them.
    batch = kind.equals(EntryKind.JOBS) ? 1 : BATCH;
    readAhead();
  }

  private void readAhead() {
    while (read.size() < AHEAD && next < ids.size()) {
      List<String> some = ids.subList(next, Math.min(ids.size(), next + batch));
      next += some.size();
      read.add(reader.submit(() -> registry.readAll(kind, some)));
    }
  }

  boolean hasNext() {
    return !read.isEmpty();
  }

  List<? extends RegistryEntry> next() throws IOException {
    try {
      List<? extends RegistryEntry> entries = read.remove().get();
      readAhead();
      return entries;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("entries cannot be read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while entries were read", e);
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
