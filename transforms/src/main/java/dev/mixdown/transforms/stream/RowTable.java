package dev.mixdown.transforms.stream;

import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.RowKinds;
import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the rows of an increment name by number: its shards, and its kinds of rows. Only what some
 * row names is there.
 *
 * @param shards by dataset, then fingerprint
 * @param kinds by stratum, dataset and category; those that come again last
 * @param shardsOf by order: its shards' numbers here; -1 for those that no row names
 */
public record RowTable(List<Shard> shards, List<Kind> kinds, Map<String, int[]> shardsOf)
    implements Serializable {
  /** A kind of rows. */
  public record Kind(String stratum, String dataset, String category, boolean replay)
      implements Comparable<Kind>, Serializable {
    private static final Comparator<Kind> ORDER =
        Comparator.comparing(Kind::stratum)
            .thenComparing(Kind::dataset)
            .thenComparing(Kind::category)
            .thenComparing(Kind::replay);

    @Override
    public int compareTo(Kind other) {
      return ORDER.compare(this, other);
    }
  }

  private static final Comparator<Shard> SHARDS =
      Comparator.comparing(Shard::dataset).thenComparing(Shard::sha256).thenComparing(Shard::uri);

  /** What the rows of an order are about. */
  private static final class Named {
    private final OrderHeader header;
    private final BitSet shards = new BitSet();

    Named(OrderHeader header) {
      this.header = header;
    }
  }

  /**
   * Looks through the rows of an increment.
   *
   * @param strata of the slices
   * @param slices by stratum
   */
  public static RowTable of(Storage storage, List<String> strata, List<List<Slice>> slices)
      throws IOException {
    Map<String, Named> orders = new HashMap<>();
    TreeSet<Kind> kinds = new TreeSet<>();
    for (int s = 0; s < slices.size(); s++) {
      for (Slice slice : slices.get(s)) {
        look(storage, strata.get(s), slice, orders, kinds);
      }
    }
    List<Shard> shards =
        orders.values().stream()
            .flatMap(named -> named.shards.stream().mapToObj(named.header.shards()::get))
            .distinct()
            .sorted(SHARDS)
            .toList();
    Map<Shard, Integer> numbers = new HashMap<>();
    for (Shard shard : shards) {
      numbers.put(shard, numbers.size());
    }
    HashMap<String, int[]> shardsOf = new HashMap<>();
    orders.forEach(
        (order, named) ->
            shardsOf.put(
                order,
                named.header.shards().stream()
                    .mapToInt(shard -> numbers.getOrDefault(shard, -1))
                    .toArray()));
    return new RowTable(shards, List.copyOf(kinds), shardsOf);
  }

  private static void look(
      Storage storage, String stratum, Slice slice, Map<String, Named> orders, TreeSet<Kind> kinds)
      throws IOException {
    try (OrderReader reader = new OrderReader(storage, slice.order())) {
      Named named = orders.computeIfAbsent(slice.order(), o -> new Named(reader.header()));
      BitSet groups = new BitSet();
      long first = reader.header().first(slice.stratum()) + slice.from();
      for (long row = first; row < first + slice.rows(); row++) {
        reader.seek(row);
        named.shards.set(reader.shard());
        groups.set(reader.group());
      }
      groups.stream()
          .mapToObj(reader.header().groups()::get)
          .forEach(
              group ->
                  kinds.add(new Kind(stratum, group.dataset(), group.category(), slice.replay())));
    }
  }

  /** The kinds as whoever writes a part wants them. */
  RowKinds rowKinds() {
    return new RowKinds(
        kinds.stream().map(kind -> Stratum.of(kind.dataset(), kind.category())).toList(),
        kinds.stream().map(kind -> new RowKinds.OfStream(kind.stratum(), kind.replay())).toList());
  }

  /** By group of an order, the number of the kind that its rows have in a stratum; -1 for none. */
  int[] kindsOf(OrderHeader header, String stratum, boolean replay) {
    List<Integer> numbers = new ArrayList<>();
    for (OrderHeader.Group group : header.groups()) {
      numbers.add(kinds.indexOf(new Kind(stratum, group.dataset(), group.category(), replay)));
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The numbers of an order's shards. */
  int[] shards(String order) {
    int[] numbers = shardsOf.get(order);
    return numbers == null ? new int[0] : Arrays.copyOf(numbers, numbers.length);
  }
}
