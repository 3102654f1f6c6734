package dev.mixdown.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mixdown.configs.storage.Storage;
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

/**
 * A folder of records: {@code versions/}, {@code runs/}, {@code manifests/} and {@code trainings/},
 * with a JSON file for each, named by its id. A file appears whole or not at all, and is never
 * written again: of several who tell the same, the first is kept.
 */
public final class RecordStore {
  private static final String SUFFIX = ".json";

  /** An object store answers many at once. */
  private static final int WRITERS = 16;

  private final String folder;

  /**
   * @param folder local, or of an object store; it need not be there yet
   */
  public RecordStore(String folder) {
    this.folder = Storage.absolute(folder);
  }

  /** The store's folder, in full. */
  public String folder() {
    return folder;
  }

  /** Where a record lies, or would. */
  public String path(RecordKind<?> kind, String id) {
    return Storage.resolve(folder, kind.folder() + "/" + id + SUFFIX);
  }

  /** Whether there is a record of the same id. */
  public boolean has(StoredRecord record) throws IOException {
    return Storage.stat(path(record.recordKind(), record.id())).isPresent();
  }

  /**
   * Adds a record, where there is none of its id.
   *
   * @return whether it was not there before
   */
  public boolean add(StoredRecord record) throws IOException {
    return !has(record) && write(record);
  }

  private boolean write(StoredRecord record) throws IOException {
    return Storage.replace(
        path(record.recordKind(), record.id()), Optional.empty(), RecordJson.bytes(record));
  }

  /**
   * Adds records, those that are not there yet, several at a time.
   *
   * @return how many were not there before, by kind
   */
  public Map<RecordKind<?>, Integer> addAll(List<? extends StoredRecord> records)
      throws IOException {
    Map<RecordKind<?>, Set<String>> known = new LinkedHashMap<>();
    for (RecordKind<?> kind : RecordKind.ALL) {
      known.put(kind, new HashSet<>(ids(kind)));
    }
    Map<RecordKind<?>, Integer> added = new LinkedHashMap<>();
    List<StoredRecord> fresh = new ArrayList<>();
    for (StoredRecord record : records) {
      if (known.getOrDefault(record.recordKind(), new HashSet<>()).add(record.id())) {
        fresh.add(record);
      }
    }
    ExecutorService workers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Boolean>> writes =
          workers.invokeAll(fresh.stream().map(r -> (Callable<Boolean>) () -> write(r)).toList());
      for (int i = 0; i < fresh.size(); i++) {
        if (writes.get(i).get()) {
          added.merge(fresh.get(i).recordKind(), 1, Integer::sum);
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("the record store " + folder + " cannot be written", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while records were written", e);
    } finally {
      workers.shutdownNow();
    }
    return added;
  }

  /** The ids of all records of a kind. */
  public List<String> ids(RecordKind<?> kind) throws IOException {
    return Storage.names(Storage.resolve(folder, kind.folder())).stream()
        .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("."))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()))
        .toList();
  }

  /** A record, whole; empty when there is none of this id. */
  public <T extends StoredRecord> Optional<T> find(RecordKind<T> kind, String id)
      throws IOException {
    Optional<byte[]> json = Storage.read(path(kind, id));
    return json.isEmpty() ? Optional.empty() : Optional.of(parse(kind, id, json.get()));
  }

  /** Removes what writers of a kind of records left that were killed. */
  void removeAbandonedDrafts(RecordKind<?> kind) throws IOException {
    Storage.removeAbandonedDrafts(Storage.resolve(folder, kind.folder()));
  }

  /** Records of a kind, whole, those that are there. */
  public <T extends StoredRecord> List<T> readAll(RecordKind<T> kind, List<String> ids)
      throws IOException {
    List<Optional<byte[]>> files = Storage.readAll(ids.stream().map(id -> path(kind, id)).toList());
    List<T> records = new ArrayList<>(ids.size());
    for (int i = 0; i < files.size(); i++) {
      Optional<byte[]> json = files.get(i);
      if (json.isPresent()) {
        records.add(parse(kind, ids.get(i), json.get()));
      }
    }
    return records;
  }

  private <T extends StoredRecord> T parse(RecordKind<T> kind, String id, byte[] json)
      throws IOException {
    try {
      return RecordJson.read(json, kind.type());
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s is no record (%s); it was changed by hand: restore or remove it"
              .formatted(path(kind, id), e.getOriginalMessage()),
          e);
    }
  }
}
