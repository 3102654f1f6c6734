package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.arrivals.ArrivalSelection.Selected;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.KnownFiles.Known;
import dev.mixdown.registry.streams.Increment.Arrival;
import dev.mixdown.registry.streams.Increment.NotTaken;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.stream.Batch;
import dev.mixdown.transforms.stream.OrderReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How many records of a stratum can be given: those that wait and those that arrive, up to the
 * first that lies in a file which is gone.
 */
public final class Supplies {
  private final Chain chain;
  private final Storage storage;
  private final Look look;
  private final Selected selected;
  private final Set<String> decided = new HashSet<>();
  private final Map<String, Boolean> known = new HashMap<>();
  private final TreeSet<String> missing = new TreeSet<>();

  public Supplies(Chain chain, Look look, Selected selected) {
    this.chain = chain;
    this.storage = chain.folder().storage();
    this.look = look;
    this.selected = selected;
    selected.arrivals().forEach(a -> decided.add(a.uri()));
    selected.notTaken().stream()
        .filter(n -> !n.reason().equals(NotTaken.REJECTED))
        .forEach(n -> decided.add(n.uri()));
    decided.addAll(selected.touched());
  }

  /** The files with waiting records that are gone, so far as they were asked for. */
  public Set<String> missing() {
    return missing;
  }

  /** How many records can be given. */
  public long of(String stratum) throws IOException {
    long records = 0;
    for (Batch batch : chain.state().waiting(stratum)) {
      BatchChanges changes = selected.changes().get(batch.seq());
      Set<String> gone = new HashSet<>();
      for (Arrival arrival : chain.increment(batch.seq()).arrivals()) {
        if (arrival.strata().getOrDefault(stratum, 0L) > 0 && !isThere(arrival.shard())) {
          gone.add(arrival.uri());
        }
      }
      long readable =
          gone.isEmpty()
              ? batch.waiting() - (changes == null ? 0 : changes.struck(stratum))
              : before(stratum, batch, changes, gone);
      records += readable;
      if (readable < batch.waiting() - (changes == null ? 0 : changes.struck(stratum))) {
        return records;
      }
    }
    for (Incoming incoming : selected.arrivals()) {
      records += incoming.counts().getOrDefault(stratum, 0L);
    }
    return records;
  }

  /** How many records come before the first of some files. */
  private long before(String stratum, Batch batch, @Nullable BatchChanges changes, Set<String> gone)
      throws IOException {
    long records = 0;
    try (OrderReader rows = new OrderReader(storage, chain.order(batch.file(), batch.seq()))) {
      long first = rows.header().first(stratum);
      for (long row = first + batch.skip(); row < first + batch.rows(); row++) {
        if (changes != null && changes.isStruck(row)) {
          continue;
        }
        rows.seek(row);
        String uri = rows.header().shards().get(rows.shard()).uri();
        if (gone.contains(uri)) {
          missing.add(uri);
          return records;
        }
        records++;
      }
    }
    return records;
  }

  /** Whether the records of a shard can be read: from its file, or from a copy. */
  private boolean isThere(Shard shard) throws IOException {
    Boolean before = known.get(shard.uri() + "\n" + shard.sha256());
    if (before == null) {
      before =
          isAsKnown(shard.uri())
              || place(chain, look.there(), shard).filter(p -> !p.equals(shard.uri())).isPresent();
      known.put(shard.uri() + "\n" + shard.sha256(), before);
    }
    return before;
  }

  private boolean isAsKnown(String uri) throws IOException {
    if (decided.contains(uri)) {
      return true;
    }
    Optional<Known> seen = chain.files().find(uri);
    FileInfo listed = look.there().get(uri);
    Optional<FileInfo> file = listed == null ? storage.stat(uri) : Optional.of(listed);
    return seen.isPresent()
        && file.isPresent()
        && !NotTaken.REJECTED.equals(seen.get().reason())
        && seen.get().tag().equals(file.get().tag());
  }

  /** Where a shard's content lies: at its path, or at another that has the same. */
  public static Optional<String> place(Chain chain, Map<String, FileInfo> there, Shard shard) {
    Optional<Known> own = chain.files().find(shard.uri());
    if (there.containsKey(shard.uri())
        && own.filter(k -> shard.sha256().equals(k.sha256())).isPresent()) {
      return Optional.of(shard.uri());
    }
    return chain.files().paths(shard.dataset(), shard.sha256()).stream()
        .filter(there::containsKey)
        .findFirst();
  }
}
