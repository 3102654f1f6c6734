package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.KnownFiles.Came;
import dev.mixdown.pipelines.streams.KnownFiles.Known;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.registry.streams.Increment.Struck;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.stream.Batch;
import dev.mixdown.transforms.stream.OrderReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a path has brought so far, held against what lies there now. All of it counts by identity,
 * as multisets: what is there beyond what was given and what waits arrives; waiting records that
 * are not there any more are struck; what was given stays given.
 */
public final class PathHistory {
  private final Chain chain;
  private final Storage storage;

  public PathHistory(Chain chain) {
    this.chain = chain;
    this.storage = chain.folder().storage();
  }

  /**
   * The new content of a path.
   *
   * @param index where its index lies
   * @param shard as rows name it
   * @param leftOut records that are left out for other reasons
   * @param kept whether the content before lies at another path now, which keeps its records
   */
  public record Content(String index, Shard shard, BitSet leftOut, boolean kept) {}

  /**
   * What comes of it.
   *
   * @param known the records that do not arrive
   * @param retracted how many records were given that are not there any more
   */
  public record Verdict(BitSet known, long retracted) {}

  /** A waiting record. */
  private record Waiting(long batch, long file, String stratum, long row) {}

  /** The arrivals of a path. */
  private List<Came> arrivals(String uri, String dataset) {
    return chain
        .files()
        .find(uri)
        .filter(known -> known.dataset().equals(dataset))
        .map(Known::arrivals)
        .orElse(List.of());
  }

  /** Whether a content was seen at another path. */
  boolean isElsewhere(Shard shard) {
    return chain.files().everAt(shard.dataset(), shard.sha256()).stream()
        .anyMatch(path -> !path.equals(shard.uri()));
  }

  /** Whether single records were struck of anything that came from where a content was seen. */
  boolean wasStruck(Shard shard) {
    return chain.files().everAt(shard.dataset(), shard.sha256()).stream()
        .flatMap(path -> arrivals(path, shard.dataset()).stream())
        .anyMatch(came -> !chain.files().strikes(came.seq()).isEmpty());
  }

  /**
   * Holds new content of a path against what the path has brought.
   *
   * @param changes by batch, takes what becomes of waiting records
   */
  Verdict of(Content content, Map<Long, BatchChanges> changes) throws IOException {
    return of(content, Set.of(content.shard().uri()), changes);
  }

  /**
   * Holds a content against what the path, and all others that ever had this content, have brought:
   * the records of it that do not arrive.
   */
  BitSet known(Content content) throws IOException {
    Shard shard = content.shard();
    Set<String> uris = new TreeSet<>(chain.files().everAt(shard.dataset(), shard.sha256()));
    uris.add(shard.uri());
    return of(content, uris, new HashMap<>()).known();
  }

  private Verdict of(Content content, Set<String> uris, Map<Long, BatchChanges> changes)
      throws IOException {
    List<Came> arrivals = new ArrayList<>();
    for (String uri : uris) {
      arrivals.addAll(arrivals(uri, content.shard().dataset()));
    }
    SortedIds came = new SortedIds();
    for (Came one : arrivals) {
      Increment increment = chain.increment(one.seq());
      came.addIndex(
          storage, chain.folder().file(increment.folder() + "/" + BatchFiles.index(one.index())));
    }
    SortedIds struck = struck(arrivals, uris);
    SortedIds waits = new SortedIds();
    List<Waiting> waiting = waiting(arrivals, uris, waits);
    SortedIds now = new SortedIds();
    List<BatchChanges.Place> places = places(content, now);
    List.of(came, struck, waits, now).forEach(SortedIds::sort);
    return compare(content, came, struck, waits, waiting, now, places, changes);
  }

  /** What was struck of arrivals before. */
  private SortedIds struck(List<Came> arrivals, Set<String> uris) throws IOException {
    SortedIds struck = new SortedIds();
    Set<Long> batches = new HashSet<>();
    for (Came came : arrivals) {
      if (!batches.add(came.seq())) {
        continue;
      }
      for (long seq : chain.files().strikes(came.seq())) {
        String file = BatchChanges.struck(chain, chain.increment(seq), came.seq());
        try (OrderReader rows = new OrderReader(storage, file)) {
          for (long row = 0; row < rows.rows(); row++) {
            rows.seek(row);
            if (uris.contains(rows.header().shards().get(rows.shard()).uri())) {
              struck.add(rows.identity());
            }
          }
        }
      }
    }
    return struck;
  }

  /** What waits of arrivals, in the order in which it would be given. */
  private List<Waiting> waiting(List<Came> arrivals, Set<String> uris, SortedIds ids)
      throws IOException {
    Set<Long> batches = new HashSet<>();
    arrivals.forEach(came -> batches.add(came.seq()));
    List<Waiting> waiting = new ArrayList<>();
    for (String stratum : chain.state().strata()) {
      for (Batch batch : chain.state().waiting(stratum)) {
        if (!batches.contains(batch.seq())) {
          continue;
        }
        try (OrderReader rows = new OrderReader(storage, chain.order(batch.file(), batch.seq()))) {
          long first = rows.header().first(stratum);
          for (long row = first + batch.skip(); row < first + batch.rows(); row++) {
            rows.seek(row);
            if (uris.contains(rows.header().shards().get(rows.shard()).uri())) {
              ids.add(rows.identity());
              waiting.add(new Waiting(batch.seq(), batch.file(), stratum, row));
            }
          }
        }
      }
    }
    return waiting;
  }

  /** The records of the new content, in its order. */
  private List<BatchChanges.Place> places(Content content, SortedIds ids) throws IOException {
    List<BatchChanges.Place> places = new ArrayList<>();
    try (IndexReader index = new IndexReader(storage, content.index())) {
      while (index.next()) {
        for (int i = 0; i < index.size(); i++) {
          int record = index.record(i);
          if (index.group(i) != IndexReader.LEFT_OUT && !content.leftOut().get(record)) {
            ids.add(index.identity(i));
            places.add(
                new BatchChanges.Place(content.shard(), record, index.offset(i), index.length(i)));
          }
        }
      }
    }
    return places;
  }

  private Verdict compare(
      Content content,
      SortedIds came,
      SortedIds struck,
      SortedIds waits,
      List<Waiting> waiting,
      SortedIds now,
      List<BatchChanges.Place> places,
      Map<Long, BatchChanges> changes) {
    BitSet known = new BitSet();
    long retracted = 0;
    int i = 0;
    int k = 0;
    while (i < now.size() || k < came.size()) {
      long id =
          k == came.size() || (i < now.size() && Long.compareUnsigned(now.id(i), came.id(k)) <= 0)
              ? now.id(i)
              : came.id(k);
      int there = now.count(id);
      int brought = came.count(id) - struck.count(id);
      int wait = waits.count(id);
      int keep = Math.min(there, brought);
      for (int n = 0; n < keep; n++) {
        known.set(places.get(now.added(now.first() + n)).record());
      }
      int gone = Math.min(wait, Math.max(0, brought - there));
      for (int n = 0; n < wait; n++) {
        Waiting one = waiting.get(waits.added(waits.first() + n));
        if (n < wait - gone) {
          // What was given had the first of equal records, what waits has the last.
          int copy = keep - (wait - gone) + n;
          change(one, changes).move(one.row(), places.get(now.added(now.first() + copy)));
        } else if (!content.kept()) {
          change(one, changes).strike(one.row(), one.stratum());
        }
      }
      retracted += content.kept() ? 0 : Math.max(0, brought - wait - there);
      i = now.first() + there;
      k = came.first() + came.count(id);
    }
    return new Verdict(known, retracted);
  }

  private BatchChanges change(Waiting one, Map<Long, BatchChanges> changes) {
    return changes.computeIfAbsent(
        one.batch(), b -> new BatchChanges(chain, b, one.file(), Struck.REWRITTEN));
  }

  /** All waiting records of a path, to be struck. */
  public void forget(String uri, Map<Long, BatchChanges> changes) throws IOException {
    Optional<Known> known = chain.files().find(uri);
    if (known.isEmpty()) {
      return;
    }
    for (Waiting one : waiting(known.get().arrivals(), Set.of(uri), new SortedIds())) {
      changes
          .computeIfAbsent(
              one.batch(), b -> new BatchChanges(chain, b, one.file(), Struck.FORGOTTEN))
          .strike(one.row(), one.stratum());
    }
  }
}
