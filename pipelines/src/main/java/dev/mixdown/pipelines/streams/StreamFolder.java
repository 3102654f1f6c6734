package dev.mixdown.pipelines.streams;

import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.registry.streams.Consumer;
import dev.mixdown.registry.streams.Head;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a stream lies: {@code <output>/<stage>/online}. It reads and writes the files of the chain,
 * each of which is created once.
 *
 * @param path of the folder
 */
public record StreamFolder(Storage storage, String path) implements Serializable {
  /** The name of the folder in its stage's. */
  public static final String NAME = "online";

  /** The stream of a stage. */
  public static StreamFolder of(Storage storage, String output, Resolution stage) {
    return new StreamFolder(
        storage, StoragePath.resolve(StoragePath.resolve(output, stage.folder()), NAME));
  }

  /**
   * The stream that people point at: its folder, its {@code stream.json}, or its stage's folder.
   * Empty where there is none.
   */
  public static Optional<StreamFolder> at(Storage storage, String path) throws IOException {
    String folder =
        StoragePath.name(path).equals(StreamDocument.FILE) ? StoragePath.folder(path) : path;
    for (String candidate : List.of(folder, StoragePath.resolve(folder, NAME))) {
      StreamFolder stream = new StreamFolder(storage, candidate);
      if (storage.stat(stream.file(StreamDocument.FILE)).isPresent()) {
        return Optional.of(stream);
      }
    }
    return Optional.empty();
  }

  /** A file of the stream, by its path seen from the folder. */
  public String file(String name) {
    return StoragePath.resolve(path, name);
  }

  /**
   * What the stream is; empty before it begins.
   *
   * @throws DataException where the file is damaged
   */
  public Optional<StreamDocument> document() throws IOException {
    Optional<byte[]> bytes = storage.read(file(StreamDocument.FILE));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(StreamDocument.read(bytes.get()));
    } catch (IOException e) {
      throw damaged(
          StreamDocument.FILE,
          "cannot be used" + Causes.inBrackets(e) + "; bring it back from a copy");
    }
  }

  /**
   * Begins the stream, or goes on with the one that is there.
   *
   * @return what is there now
   */
  public StreamDocument begin(StreamDocument asked) throws IOException {
    Optional<StreamDocument> there = document();
    if (there.isPresent()) {
      return there.get();
    }
    for (String folder : List.of("increments", "parts", "snapshots", "consumers", "rejected")) {
      storage.makeFolder(file(folder));
    }
    if (!storage.create(file(StreamDocument.FILE), asked.bytes())) {
      return document().orElseThrow(() -> new IOException(path + ": its stream.json was removed"));
    }
    return asked;
  }

  /**
   * An increment; empty where the chain does not have it yet.
   *
   * @throws DataException where it is damaged
   */
  public Optional<Increment> increment(long seq) throws IOException {
    Optional<byte[]> bytes = storage.read(file(Increment.file(seq)));
    return bytes.isEmpty() ? Optional.empty() : Optional.of(read(seq, bytes.get()));
  }

  /** Increments that follow one another, as far as the chain has them. */
  public List<Increment> increments(long from, long to) throws IOException {
    List<String> files = new ArrayList<>();
    for (long seq = from; seq <= to; seq++) {
      files.add(file(Increment.file(seq)));
    }
    List<Increment> increments = new ArrayList<>();
    for (Optional<byte[]> bytes : storage.readAll(files)) {
      if (bytes.isEmpty()) {
        break;
      }
      increments.add(read(from + increments.size(), bytes.get()));
    }
    return increments;
  }

  private Increment read(long seq, byte[] bytes) {
    try {
      return Increment.read(bytes);
    } catch (IOException e) {
      throw damaged(
          Increment.file(seq),
          "was altered%s; bring it back from a copy: readers have seen it, so it cannot be made anew"
              .formatted(Causes.inBrackets(e)));
    }
  }

  /** Something that is wrong with a file of the stream. */
  public DataException damaged(String name, String problem) {
    return new DataException(
        "the stream cannot be used", List.of(DataProblem.of(file(name), problem)));
  }

  /**
   * The commit: makes the increment's file, if there is none of its number.
   *
   * @return whether it was made; if not, somebody else's is there
   */
  public boolean commit(Increment increment, boolean singleWriter) throws IOException {
    String file = file(Increment.file(increment.seq()));
    if (singleWriter) {
      if (storage.stat(file).isPresent()) {
        return false;
      }
      storage.write(file, increment.bytes());
      return true;
    }
    return storage.create(file, increment.bytes());
  }

  /** Where the chain may end; a hint. */
  public Optional<Head> head() throws IOException {
    Optional<byte[]> bytes = storage.read(file(Head.FILE));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Head.read(bytes.get()));
    } catch (IOException e) {
      // Only a hint: the next increment's file tells.
      return Optional.empty();
    }
  }

  /** Who reads the stream, by name. */
  public List<Consumer> consumers() throws IOException {
    List<Consumer> consumers = new ArrayList<>();
    for (String name : storage.names(file("consumers"))) {
      if (!name.endsWith(".json") || name.startsWith(".")) {
        continue;
      }
      Optional<byte[]> bytes = storage.read(file("consumers/" + name));
      if (bytes.isPresent()) {
        try {
          consumers.add(Consumer.read(bytes.get()));
        } catch (IOException e) {
          throw damaged(
              "consumers/" + name,
              "cannot be used%s; set it again with mixdown online consume %s --position N"
                  .formatted(Causes.inBrackets(e), name.replaceFirst("\\.json$", "")));
        }
      }
    }
    consumers.sort(Comparator.comparing(Consumer::name));
    return consumers;
  }
}
