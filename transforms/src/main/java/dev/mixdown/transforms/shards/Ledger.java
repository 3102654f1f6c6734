package dev.mixdown.transforms.shards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.index.SealedText;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Remembers inspections by what the file system says of a file, so that a file that did not change
 * is never read again.
 *
 * <p>Workers note each inspection in a small file of its own; the next to open the ledger folds
 * them into one. A note that gets lost costs another reading and never a wrong answer.
 */
public final class Ledger {
  /**
   * A file that changed so shortly before it was read may have been changed once more without its
   * times showing it: file systems count in steps of up to two seconds.
   */
  static final long YOUNG_MILLIS = 2_000;

  private static final int MOST_TRIES = 100;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectReader READER = MAPPER.readerFor(Entry.class);
  private static final ObjectWriter WRITER = MAPPER.writerFor(Entry.class);

  private final Workspace workspace;
  private final Storage storage;
  private final Map<String, Entry> entries;

  /** The names in the folders of indexes that were asked for. */
  private final Map<String, Set<String>> indexes = new HashMap<>();

  /** Lines that are damaged. */
  private int damaged;

  private Ledger(Workspace workspace, Map<String, Entry> entries) {
    this.storage = workspace.storage();
    this.workspace = workspace;
    this.entries = entries;
  }

  /** How many inspections were forgotten because what was noted of them is damaged. */
  public int damaged() {
    return damaged;
  }

  /**
   * One inspection, and the file that it is of.
   *
   * @param path in full
   * @param spec the digest of what was looked for
   * @param tag the file's, when it was listed
   * @param changedMillis when anything of the file had last changed
   * @param inspectedMillis when the reading began
   */
  public record Entry(
      String path,
      String spec,
      long bytes,
      String tag,
      long changedMillis,
      long inspectedMillis,
      Inspection inspection) {}

  /** Opens the ledger of a workspace; empty where there is none. */
  public static Ledger open(Workspace workspace) throws IOException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Ledger ledger = new Ledger(workspace, new TreeMap<>());
      if (ledger.fold()) {
        return ledger;
      }
    }
    throw new IOException(workspace.ledger() + ": others write to it all the time; run again");
  }

  /**
   * Takes the workers' notes into the ledger. The ledger is written before notes are removed: a
   * process that reads notes first, and the ledger after them, misses nothing.
   *
   * @return whether nobody else folded meanwhile
   */
  private boolean fold() throws IOException {
    List<String> notes =
        storage.names(workspace.notes()).stream()
            .filter(name -> name.endsWith(".json"))
            .map(name -> StoragePath.resolve(workspace.notes(), name))
            .toList();
    for (Optional<byte[]> note : storage.readAll(notes)) {
      note.ifPresent(this::take);
    }
    Optional<byte[]> folded = storage.read(workspace.ledger());
    folded.ifPresent(this::take);
    if (notes.isEmpty() && damaged == 0) {
      return true;
    }
    storage.removeAbandonedDrafts(workspace.notes());
    StringBuilder lines = new StringBuilder();
    for (Entry entry : entries.values()) {
      lines.append(SealedText.seal(WRITER.writeValueAsString(entry))).append('\n');
    }
    if (!storage.replace(
        workspace.ledger(), folded, lines.toString().getBytes(StandardCharsets.UTF_8))) {
      return false;
    }
    storage.delete(notes);
    return true;
  }

  private void take(byte[] sealedLines) {
    for (String line : new String(sealedLines, StandardCharsets.UTF_8).lines().toList()) {
      Optional<Entry> entry = SealedText.open(line).flatMap(Ledger::parse);
      entry.ifPresent(e -> entries.merge(MatchedShard.key(e.path(), e.spec()), e, Ledger::newer));
      // Before there were checksums, lines ended in a brace: they are old and not damaged.
      damaged += entry.isEmpty() && !line.isBlank() && !line.endsWith("}") ? 1 : 0;
    }
  }

  private static Entry newer(Entry a, Entry b) {
    return b.inspectedMillis() > a.inspectedMillis() ? b : a;
  }

  /** What a run has just found in a shard, however young the file is. */
  public Optional<Inspection> justInspected(FileInfo file, InspectionSpec spec) {
    return Optional.ofNullable(entries.get(key(file, spec)))
        .filter(entry -> entry.bytes() == file.bytes() && entry.tag().equals(file.tag()))
        .map(Entry::inspection);
  }

  /** What is known of a file as it is now; empty when it has to be read. */
  public Optional<Inspection> find(FileInfo file, InspectionSpec spec) throws IOException {
    Entry entry = entries.get(key(file, spec));
    if (entry == null
        || entry.bytes() != file.bytes()
        || !entry.tag().equals(file.tag())
        // Found while bad records were left out; they are not to be, now.
        || (entry.inspection().rejectedRecords() > 0 && !spec.skipBad())
        || file.changedMillis() + YOUNG_MILLIS > entry.inspectedMillis()) {
      return Optional.empty();
    }
    String index = workspace.index(entry.inspection().sha256(), spec);
    boolean whole =
        isThere(index)
            && (spec.requirements() == null
                || isThere(workspace.facts(entry.inspection().sha256(), spec)));
    return whole ? Optional.of(entry.inspection()) : Optional.empty();
  }

  /** Asks for whole folders: one request for each file is too much of an object store. */
  private boolean isThere(String index) throws IOException {
    String folder = StoragePath.folder(index);
    Set<String> names = indexes.get(folder);
    if (names == null) {
      names = Set.copyOf(storage.names(folder));
      indexes.put(folder, names);
    }
    return names.contains(StoragePath.name(index));
  }

  /**
   * Notes an inspection, on whatever worker it was made.
   *
   * @param inspectedMillis when the reading began
   */
  public static void note(
      Workspace workspace,
      FileInfo file,
      InspectionSpec spec,
      long inspectedMillis,
      Inspection inspection)
      throws IOException {
    Entry entry =
        new Entry(
            StoragePath.absolute(file.path()),
            spec.digest(),
            file.bytes(),
            file.tag(),
            file.changedMillis(),
            inspectedMillis,
            inspection);
    String name = Digests.sha256(key(file, spec)) + ".json";
    workspace
        .storage()
        .write(
            StoragePath.resolve(workspace.notes(), name),
            SealedText.seal(WRITER.writeValueAsString(entry)).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Forgets files, and removes what is kept of their contents. Another process that notes something
   * meanwhile loses nothing but time.
   *
   * @param paths in full
   */
  public static void forget(Workspace workspace, Set<String> paths) throws IOException {
    Ledger ledger = open(workspace);
    Optional<byte[]> before = ledger.storage.read(workspace.ledger());
    List<String> indexes = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    for (Entry entry : ledger.entries.values()) {
      if (paths.contains(entry.path())) {
        String index = workspace.index(entry.inspection().sha256(), entry.spec());
        indexes.addAll(List.of(index, index + ".rejected.jsonl"));
      } else {
        lines.append(SealedText.seal(WRITER.writeValueAsString(entry))).append('\n');
      }
    }
    if (!indexes.isEmpty()
        && ledger.storage.replace(
            workspace.ledger(), before, lines.toString().getBytes(StandardCharsets.UTF_8))) {
      ledger.storage.delete(indexes);
    }
  }

  private static Optional<Entry> parse(String line) {
    try {
      return Optional.of(READER.readValue(line));
    } catch (JsonProcessingException e) {
      // A line of another version: as if it had never been.
      return Optional.empty();
    }
  }

  private static String key(FileInfo file, InspectionSpec spec) {
    return MatchedShard.key(StoragePath.absolute(file.path()), spec.digest());
  }
}
