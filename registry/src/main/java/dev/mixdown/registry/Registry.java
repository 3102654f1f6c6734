package dev.mixdown.registry;

import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A folder of entries: {@code versions/}, {@code runs/}, {@code manifests/}, {@code trainings/} and
 * {@code recipes/}, with a JSON file for each, named by its id. A file appears whole or not at all,
 * and is never written again: of several who tell the same, the first is kept.
 */
public final class Registry {
  private static final String SUFFIX = ".json";

  /** An object store answers many at once. */
  private static final int WRITERS = 16;

  private final Storage storage;
  private final String folder;
  private final Consumer<Damage> damaged;

  /**
   * An entry that is not what was written.
   *
   * @param path its file
   * @param reason how this is known
   */
  public record Damage(String path, String reason) {
    @Override
    public String toString() {
      return "%s is damaged and left out (%s); restore it from a copy, or remove it"
          .formatted(path, reason);
    }
  }

  /**
   * @param storage through which entries are read and written
   * @param folder local, or of an object store; it need not be there yet
   * @param damaged takes each entry that is damaged, and left out
   */
  public Registry(Storage storage, String folder, Consumer<Damage> damaged) {
    this.storage = storage;
    this.folder = StoragePath.absolute(folder);
    this.damaged = damaged;
  }

  /** Where entries are read and written. */
  public Storage storage() {
    return storage;
  }

  /** The registry's folder, in full. */
  public String folder() {
    return folder;
  }

  /** Where an entry lies, or would. */
  public String path(EntryKind<?> kind, String id) {
    return StoragePath.resolve(folder, kind.folder() + "/" + id + SUFFIX);
  }

  /** Whether there is an entry of the same id, and undamaged. */
  public boolean has(RegistryEntry entry) throws IOException {
    return find(entry.entryKind(), entry.id()).isPresent();
  }

  /**
   * Adds an entry, where there is none of its id, or a damaged one.
   *
   * @return whether it was written
   */
  public boolean add(RegistryEntry entry) throws IOException {
    EntryKind<?> kind = entry.entryKind();
    Optional<byte[]> old = storage.read(path(kind, entry.id()));
    if (old.isPresent() && parse(kind, entry.id(), old.get()).isPresent()) {
      return false;
    }
    return storage.replace(path(kind, entry.id()), old, EntryJson.bytes(entry));
  }

  private boolean write(RegistryEntry entry) throws IOException {
    return storage.replace(
        path(entry.entryKind(), entry.id()), Optional.empty(), EntryJson.bytes(entry));
  }

  /**
   * Adds entries, those that are not there yet, several at a time.
   *
   * @return how many were not there before, by kind
   */
  public Map<EntryKind<?>, Integer> addAll(List<? extends RegistryEntry> entries)
      throws IOException {
    Map<EntryKind<?>, Set<String>> known = new LinkedHashMap<>();
    for (EntryKind<?> kind : EntryKind.ALL) {
      known.put(kind, new HashSet<>(ids(kind)));
    }
    Map<EntryKind<?>, Integer> added = new LinkedHashMap<>();
    List<RegistryEntry> fresh = new ArrayList<>();
    for (RegistryEntry entry : entries) {
      if (known.getOrDefault(entry.entryKind(), new HashSet<>()).add(entry.id())) {
        fresh.add(entry);
      }
    }
    ExecutorService workers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Boolean>> writes =
          workers.invokeAll(fresh.stream().map(r -> (Callable<Boolean>) () -> write(r)).toList());
      for (int i = 0; i < fresh.size(); i++) {
        if (writes.get(i).get()) {
          added.merge(fresh.get(i).entryKind(), 1, Integer::sum);
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("the registry " + folder + " cannot be written", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while entries were written", e);
    } finally {
      workers.shutdownNow();
    }
    return added;
  }

  /** The ids of all entries of a kind. */
  public List<String> ids(EntryKind<?> kind) throws IOException {
    return storage.names(StoragePath.resolve(folder, kind.folder())).stream()
        .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("."))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
        .toList();
  }

  /** An entry, whole; empty when there is none of this id, or it is damaged. */
  public <T extends RegistryEntry> Optional<T> find(EntryKind<T> kind, String id)
      throws IOException {
    Optional<byte[]> json = storage.read(path(kind, id));
    return json.flatMap(bytes -> parse(kind, id, bytes));
  }

  /** Removes what writers of a kind of entries left that were killed. */
  void removeAbandonedDrafts(EntryKind<?> kind) throws IOException {
    storage.removeAbandonedDrafts(StoragePath.resolve(folder, kind.folder()));
  }

  /** Entries of a kind, whole: those that are there and undamaged. */
  public <T extends RegistryEntry> List<T> readAll(EntryKind<T> kind, List<String> ids)
      throws IOException {
    List<Optional<byte[]>> files = storage.readAll(ids.stream().map(id -> path(kind, id)).toList());
    List<T> entries = new ArrayList<>(ids.size());
    for (int i = 0; i < files.size(); i++) {
      Optional<byte[]> json = files.get(i);
      if (json.isPresent()) {
        parse(kind, ids.get(i), json.get()).ifPresent(entries::add);
      }
    }
    return entries;
  }

  private <T extends RegistryEntry> Optional<T> parse(EntryKind<T> kind, String id, byte[] json) {
    try {
      EntryJson.check(json);
      T entry = EntryJson.read(json, kind.type());
      if (!id.equals(entry.id())) {
        throw new IOException("its id is " + entry.id());
      }
      return Optional.of(entry);
    } catch (IOException | RuntimeException e) {
      damaged.accept(new Damage(path(kind, id), Causes.text(e)));
      return Optional.empty();
    }
  }
}
