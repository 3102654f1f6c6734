package dev.mixdown.pipelines.arrivals;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells which files are complete. An object is, since it appears whole; a local file is when it has
 * not changed for a while, or when a marker says so: {@code NAME.done} or {@code _SUCCESS}. Two
 * looks are held against one clock of this process, so that no other machine's time decides
 * anything.
 */
public final class Settling {
  private final Storage storage;
  private final Duration settle;
  private final long process = ProcessHandle.current().pid();
  private Map<String, Seen> seen;

  /**
   * A file that was not complete.
   *
   * @param sinceNanos when it was first seen so, by this process' clock
   * @param process which process that was
   */
  public record Seen(String tag, long sinceNanos, long process) implements Serializable {}

  /** Begins with nothing seen. */
  public Settling(Storage storage, Duration settle) {
    this(storage, settle, new HashMap<>());
  }

  /** Goes on with what was seen before. */
  public Settling(Storage storage, Duration settle, Map<String, Seen> seen) {
    this.storage = storage;
    this.settle = settle;
    this.seen = seen;
  }

  /** The files that were not complete at the last look. */
  public Map<String, Seen> seen() {
    return seen;
  }

  /** Which of the files are complete, and which are not yet. */
  public record Settled(List<MatchedShard> complete, List<MatchedShard> young) {}

  /**
   * Takes a look.
   *
   * @param nowMillis the machine's time, which file times are held against
   * @param nowNanos this process' clock
   */
  public Settled look(List<MatchedShard> candidates, long nowMillis, long nowNanos)
      throws IOException {
    List<MatchedShard> complete = new ArrayList<>();
    List<MatchedShard> young = new ArrayList<>();
    HashMap<String, Seen> next = new HashMap<>();
    Map<String, Boolean> finished = new HashMap<>();
    for (MatchedShard shard : candidates) {
      FileInfo file = shard.file();
      if (settle.isZero() || !StoragePath.isLocal(file.path()) || isOld(file, nowMillis)) {
        complete.add(shard);
        continue;
      }
      Seen before = seen.get(shard.key());
      boolean same =
          before != null && before.process() == process && before.tag().equals(file.tag());
      Seen since = same && before != null ? before : new Seen(file.tag(), nowNanos, process);
      boolean unchanged = same && nowNanos - since.sinceNanos() >= settle.toNanos();
      // A time in the future says nothing of the age; that it did not change has to do.
      boolean ofFuture = file.changedMillis() > nowMillis + settle.toMillis();
      if ((unchanged && ofFuture) || isMarked(file, finished)) {
        complete.add(shard);
      } else {
        young.add(shard);
        next.put(shard.key(), since);
      }
    }
    seen = next;
    return new Settled(complete, young);
  }

  /** By its times alone: the kernel's own change time is among them, which nobody sets back. */
  private boolean isOld(FileInfo file, long nowMillis) {
    return nowMillis - file.changedMillis() >= settle.toMillis();
  }

  private boolean isMarked(FileInfo file, Map<String, Boolean> finished) throws IOException {
    if (storage.stat(file.path() + ".done").isPresent()) {
      return true;
    }
    String folder = StoragePath.folder(file.path());
    Boolean known = finished.get(folder);
    if (known == null) {
      known = storage.stat(StoragePath.resolve(folder, "_SUCCESS")).isPresent();
      finished.put(folder, known);
    }
    return known;
  }
}
