package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.arrivals.ArrivalSelection.Selected;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.KnownFiles.Known;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.stream.Batch;
import dev.mixdown.transforms.stream.OrderReader;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
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
  private final Contents contents;
  private final Selected selected;
  private final Map<String, Boolean> known = new HashMap<>();
  private final TreeSet<String> missing = new TreeSet<>();

  public Supplies(Chain chain, Look look, Selected selected) {
    this.chain = chain;
    this.storage = chain.folder().storage();
    this.look = look;
    this.contents = selected.contents();
    this.selected = selected;
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
      long left = batch.waiting() - (changes == null ? 0 : changes.struck(stratum));
      long readable = readable(stratum, batch, changes, left);
      records += readable;
      if (readable < left) {
        return records;
      }
    }
    for (Incoming incoming : selected.arrivals()) {
      records += incoming.counts().getOrDefault(stratum, 0L);
    }
    return records;
  }

  /** How many records of a batch come before the first that cannot be read. */
  private long readable(String stratum, Batch batch, @Nullable BatchChanges changes, long left)
      throws IOException {
    try (OrderReader rows = new OrderReader(storage, chain.order(batch.file(), batch.seq()))) {
      BitSet gone = new BitSet();
      List<Shard> shards = rows.header().shards();
      for (int s = 0; s < shards.size(); s++) {
        gone.set(s, !isThere(shards.get(s)));
      }
      if (gone.isEmpty()) {
        return left;
      }
      long records = 0;
      long first = rows.header().first(stratum);
      for (long row = first + batch.skip(); row < first + batch.rows(); row++) {
        if (changes != null && changes.isStruck(row)) {
          continue;
        }
        rows.seek(row);
        if (gone.get(rows.shard()) && (changes == null || !changes.isMoved(row))) {
          missing.add(shards.get(rows.shard()).uri());
          return records;
        }
        records++;
      }
      return records;
    }
  }

  /** Whether the records of a shard can be read: from its file, or from a copy. */
  private boolean isThere(Shard shard) throws IOException {
    String key = shard.uri() + "\n" + shard.sha256();
    Boolean before = known.get(key);
    if (before == null) {
      before =
          contents.place(shard.uri(), shard.dataset(), shard.sha256()).isPresent()
              || isAsKnown(shard);
      known.put(key, before);
    }
    return before;
  }

  /**
   * A file of a dataset that the config has no more is not listed, and may be there all the same.
   */
  private boolean isAsKnown(Shard shard) throws IOException {
    if (look.there().containsKey(shard.uri())) {
      return false;
    }
    Optional<Known> seen = chain.files().find(shard.uri());
    Optional<FileInfo> file = storage.stat(shard.uri());
    return seen.isPresent()
        && file.isPresent()
        && shard.sha256().equals(seen.get().sha256())
        && seen.get().tag().equals(file.get().tag());
  }
}
