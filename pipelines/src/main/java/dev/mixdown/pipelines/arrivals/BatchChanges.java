package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.registry.streams.Increment.Struck;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.stream.Batch;
import dev.mixdown.transforms.stream.OrderHeader;
import dev.mixdown.transforms.stream.OrderReader;
import dev.mixdown.transforms.stream.RecordOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of waiting records of a batch whose file was rewritten, or is gone: some are struck,
 * and some lie elsewhere now. The batch gets a new order, in which the others stand as before.
 */
public final class BatchChanges {
  private final Chain chain;
  private final long batch;
  private final long file;
  private final String reason;

  /** By row of the order, where its record lies now; null where it is struck. */
  private final Map<Long, Place> places = new HashMap<>();

  private final TreeMap<String, Long> struck = new TreeMap<>();

  /** Where a record lies. */
  public record Place(Shard shard, int record, long offset, int length) {
    /** Nowhere. */
    static final Place STRUCK = new Place(new Shard("", "", "", 0, 0, "", null), -1, -1, -1);
  }

  /**
   * @param file the increment in whose folder the batch's order lies
   * @param reason why records are struck
   */
  public BatchChanges(Chain chain, long batch, long file, String reason) {
    this.chain = chain;
    this.batch = batch;
    this.file = file;
    this.reason = reason;
  }

  public void strike(long row, String stratum) {
    places.put(row, Place.STRUCK);
    struck.merge(stratum, 1L, Long::sum);
  }

  public void move(long row, Place place) {
    places.put(row, place);
  }

  public boolean isStruck(long row) {
    return Place.STRUCK.equals(places.get(row));
  }

  public boolean isMoved(long row) {
    return places.containsKey(row) && !isStruck(row);
  }

  public long struck(String stratum) {
    return struck.getOrDefault(stratum, 0L);
  }

  /** What is struck, as documents have it. */
  public List<Struck> struck() {
    List<Struck> all = new ArrayList<>();
    struck.forEach((stratum, records) -> all.add(new Struck(stratum, batch, records, reason)));
    return all;
  }

  /**
   * Writes the new order, and what is struck, into an increment's folder.
   *
   * @param identities takes those of what is struck
   */
  public void write(String folder, SortedIds identities) throws IOException {
    Storage storage = chain.folder().storage();
    try (OrderReader reader = new OrderReader(storage, chain.order(file, batch))) {
      OrderHeader header = reader.header();
      List<String> strata = header.strata().stream().map(OrderHeader.StratumRows::stratum).toList();
      RecordOrder left = new RecordOrder(strata);
      RecordOrder gone = new RecordOrder(strata);
      List<Shard> shards = new ArrayList<>(header.shards());
      Map<Shard, Integer> numbers = new HashMap<>();
      shards.forEach(shard -> numbers.put(shard, numbers.size()));
      for (int s = 0; s < strata.size(); s++) {
        String stratum = strata.get(s);
        long first = header.first(stratum);
        for (Batch waiting : chain.state().waiting(stratum)) {
          if (waiting.seq() != batch) {
            continue;
          }
          for (long row = first + waiting.skip(); row < first + waiting.rows(); row++) {
            reader.seek(row);
            Place place = places.get(row);
            if (Place.STRUCK.equals(place)) {
              add(gone, s, row, reader);
              identities.add(reader.identity());
            } else if (place == null) {
              add(left, s, row, reader);
            } else {
              Integer number = numbers.putIfAbsent(place.shard(), numbers.size());
              if (number == null) {
                shards.add(place.shard());
              }
              left.add(
                  s,
                  row,
                  numbers.get(place.shard()),
                  reader.group(),
                  place.record(),
                  place.offset(),
                  place.length(),
                  reader.identity());
            }
          }
        }
      }
      left.write(storage, StoragePath.resolve(folder, order(batch)), shards, header.groups());
      if (gone.size() > 0) {
        gone.write(storage, StoragePath.resolve(folder, struck(batch)), shards, header.groups());
      }
    }
  }

  private static void add(RecordOrder to, int stratum, long row, OrderReader reader) {
    to.add(
        stratum,
        row,
        reader.shard(),
        reader.group(),
        reader.record(),
        reader.offset(),
        reader.length(),
        reader.identity());
  }

  /** The name of a batch's order in an increment's folder. */
  public static String order(long batch) {
    return RecordOrder.FILE + "-" + batch;
  }

  /** The name of what an increment struck of a batch, in its folder. */
  public static String struck(long batch) {
    return "struck-" + batch;
  }

  /** Where an increment keeps what it struck of a batch. */
  public static String struck(Chain chain, Increment increment, long batch) {
    return chain.folder().file(increment.folder() + "/" + struck(batch));
  }
}
