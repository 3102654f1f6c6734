package dev.mixdown.pipelines.streams;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.registry.streams.Head;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.stream.StreamState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A chain of increments, added up: a snapshot, and the increments behind it. Each is checked
 * against the one before. It goes on as the chain does, and reads nothing twice.
 */
public final class Chain {
  /** How many increments lie between snapshots. */
  public static final int SNAPSHOT_EVERY = 256;

  /** So many increments are asked for at once. */
  private static final int TOGETHER = 64;

  private static final String SNAPSHOTS = "snapshots";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final StreamFolder folder;
  private final StreamDocument document;
  private final boolean withFiles;
  private StreamState state;
  private KnownFiles files = new KnownFiles();
  private final List<Increment> recent = new ArrayList<>();

  private Chain(StreamFolder folder, StreamDocument document, boolean withFiles) {
    this.folder = folder;
    this.document = document;
    this.withFiles = withFiles;
    this.state = new StreamState(document.id());
  }

  /** Opens a chain with all that is known of files. */
  public static Chain open(StreamFolder folder, StreamDocument document) throws IOException {
    return new Chain(folder, document, true).opened(Long.MAX_VALUE);
  }

  /** Opens a chain for its counts alone. */
  public static Chain counts(StreamFolder folder, StreamDocument document) throws IOException {
    return new Chain(folder, document, false).opened(Long.MAX_VALUE);
  }

  /** A chain before its first increment, to be gone through one by one. */
  public static Chain empty(StreamFolder folder, StreamDocument document) {
    return new Chain(folder, document, true);
  }

  private Chain opened(long before) throws IOException {
    TreeSet<Long> snapshots = new TreeSet<>();
    for (String name : folder.storage().names(folder.file(SNAPSHOTS))) {
      if (name.matches("\\d{10}\\.json")) {
        snapshots.add(Long.parseLong(name.substring(0, 10)));
      }
    }
    for (long seq : snapshots.descendingSet()) {
      if (seq <= before && restore(seq)) {
        break;
      }
    }
    refresh();
    if (recent.isEmpty() && state.seq() > 0) {
      recent.add(folder.increment(state.seq()).orElseThrow(() -> missing(state.seq())));
    }
    return this;
  }

  /** Takes a snapshot; false where it is not whole, and an earlier one has to do. */
  private boolean restore(long seq) throws IOException {
    Storage storage = folder.storage();
    Optional<byte[]> counts = storage.read(folder.file(snapshot(seq, ".json")));
    Optional<byte[]> known =
        withFiles ? storage.read(folder.file(snapshot(seq, ".files"))) : Optional.empty();
    if (counts.isEmpty() || (withFiles && known.isEmpty())) {
      return false;
    }
    try {
      StreamState restored =
          StreamState.of(MAPPER.readValue(counts.get(), StreamState.Snapshot.class));
      if (!restored.stream().equals(document.id())) {
        return false;
      }
      files = known.isPresent() ? KnownFiles.read(known.get()) : files;
      state = restored;
      return true;
    } catch (IOException e) {
      // It can be made again from the increments.
      return false;
    }
  }

  private static String snapshot(long seq, String ending) {
    return "%s/%010d%s".formatted(SNAPSHOTS, seq, ending);
  }

  /**
   * Goes on to where the chain ends now.
   *
   * @return whether there was something new
   */
  public boolean refresh() throws IOException {
    long before = state.seq();
    long hint = folder.head().map(Head::seq).orElse(before);
    while (true) {
      long to = Math.max(state.seq() + 1, Math.min(hint, state.seq() + TOGETHER));
      List<Increment> next = folder.increments(state.seq() + 1, to);
      for (Increment increment : next) {
        apply(increment);
      }
      if (next.isEmpty() && state.seq() < hint) {
        throw missing(state.seq() + 1);
      }
      if (next.isEmpty()) {
        return state.seq() > before;
      }
    }
  }

  /** The last increments, as far as they were read one by one. */
  public List<Increment> recent() {
    return List.copyOf(recent);
  }

  /**
   * Goes on by an increment.
   *
   * @throws DataException where it does not go on from the one before
   */
  public void apply(Increment increment) {
    String name = Increment.file(state.seq() + 1);
    String wrong =
        increment.seq() != state.seq() + 1
            ? "says that it is increment %d".formatted(increment.seq())
            : !increment.parent().equals(state.id())
                ? "goes on from %s, but increment %d is %s"
                    .formatted(increment.parent(), state.seq(), state.id())
                : increment.positions().from() != state.position()
                    ? "begins at position %,d, but the one before ends at %,d"
                        .formatted(increment.positions().from(), state.position())
                    : !increment.stream().equals(document.id())
                        ? "is of stream %s, and the folder's is %s"
                            .formatted(increment.stream(), document.id())
                        : state.closed() ? "comes after the one that closed the stream" : "";
    if (!wrong.isEmpty()) {
      throw folder.damaged(
          name, wrong + "; bring the files of the chain back from a copy of one time");
    }
    state.apply(increment);
    if (withFiles) {
      files.apply(increment);
    }
    recent.add(increment);
    if (recent.size() > SNAPSHOT_EVERY) {
      recent.remove(0);
    }
  }

  private DataException missing(long seq) {
    return folder.damaged(
        Increment.file(seq),
        "is missing, though head.json knows of a later one; bring it back from a copy: readers have seen it, so it cannot be made anew");
  }

  /** Writes a snapshot where one is due, and removes older ones. */
  public void writeSnapshot() throws IOException {
    if (state.seq() % SNAPSHOT_EVERY == 0 && state.seq() > 0) {
      Storage storage = folder.storage();
      storage.makeFolder(folder.file(SNAPSHOTS));
      storage.write(folder.file(snapshot(state.seq(), ".files")), files.bytes());
      storage.write(
          folder.file(snapshot(state.seq(), ".json")), MAPPER.writeValueAsBytes(state.snapshot()));
      List<String> old = new ArrayList<>();
      for (String name : storage.names(folder.file(SNAPSHOTS))) {
        if (name.matches("\\d{10}\\.(json|files)")
            && Long.parseLong(name.substring(0, 10)) <= state.seq() - 2 * SNAPSHOT_EVERY) {
          old.add(folder.file(SNAPSHOTS + "/" + name));
        }
      }
      storage.delete(old);
    }
  }

  /** Where the stream lies. */
  public StreamFolder folder() {
    return folder;
  }

  /** What the stream is. */
  public StreamDocument document() {
    return document;
  }

  /** What was given, and what waits. */
  public StreamState state() {
    return state;
  }

  /** The files that the chain has seen. */
  public KnownFiles files() {
    return files;
  }

  /**
   * Where the order of a batch lies.
   *
   * @param file the increment in whose folder it is
   * @param batch the increment that its records came in with
   */
  public String order(long file, long batch) throws IOException {
    return folder.file(increment(file).folder() + "/order-" + batch);
  }

  /** An increment that the chain has. */
  public Increment increment(long seq) throws IOException {
    for (Increment one : recent) {
      if (one.seq() == seq) {
        return one;
      }
    }
    return folder.increment(seq).orElseThrow(() -> missing(seq));
  }
}
