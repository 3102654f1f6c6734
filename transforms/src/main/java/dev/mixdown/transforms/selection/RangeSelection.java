package dev.mixdown.transforms.selection;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.CountedIdentities;
import dev.mixdown.transforms.identities.RunsOf;
import dev.mixdown.transforms.identities.RunsReader;
import dev.mixdown.transforms.identities.UnsignedSort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Selects the records whose identities lie in one range: what is left out, by which rule, and how
 * often the others were given before. Rules apply in their order: what is held out, what is
 * excluded, duplicates.
 */
public final class RangeSelection {
  /** The code of records that are held out. */
  public static final int HELD_OUT = -1;

  /** The code of records that are excluded. */
  public static final int EXCLUDED = -2;

  /** The code of records that another one stays for. */
  public static final int DUPLICATE = -3;

  /** The code of records that others did not give, where only what they gave comes again. */
  public static final int NOT_GIVEN = -4;

  private final Storage storage;
  private final Selecting selecting;
  private final UnsignedSort sort = new UnsignedSort();
  private final Map<Integer, Codes> codes = new HashMap<>();

  /** The hashes that were asked for, by their file. */
  private final Map<String, RecordHashes> hashes = new HashMap<>();

  // The records of the range, sorted by identity; equal ones in any order.
  private long[] identities = new long[1 << 12];
  private int[] order = new int[1 << 12];
  private int[] shards = new int[1 << 12];
  private int[] records = new int[1 << 12];
  private int size;

  private RangeSelection(Storage storage, Selecting selecting) {
    this.storage = storage;
    this.selecting = selecting;
  }

  /**
   * Selects.
   *
   * @param range the highest bits of the identities
   * @return by shard, the records that are left out or were given before, with their codes: above
   *     0, how often they were given
   */
  public static Map<Integer, Codes> select(Storage storage, Selecting selecting, int range)
      throws IOException {
    RangeSelection selection = new RangeSelection(storage, selecting);
    selection.readRecords(range);
    CountedIdentities excluded = selection.excluded(range);
    CountedIdentities[] used = selection.used(range);
    try {
      selection.decide(excluded, used);
    } finally {
      for (RecordHashes of : selection.hashes.values()) {
        of.close();
      }
    }
    return selection.codes;
  }

  private void readRecords(int range) throws IOException {
    for (ShardToSelect shard : selecting.shards()) {
      for (String file : shard.sorted()) {
        try (RunsReader runs = new RunsReader(storage, file)) {
          runs.range(range, selecting.rangeBits());
          while (runs.next()) {
            for (int i = 0; i < runs.size(); i++) {
              add(runs.identity(i), shard.number(), runs.record(i));
            }
          }
        }
      }
    }
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    sort.sort(identities, order, size);
  }

  private void add(long identity, int shard, int record) {
    if (size == identities.length) {
      identities = Arrays.copyOf(identities, 2 * size);
      order = Arrays.copyOf(order, 2 * size);
      shards = Arrays.copyOf(shards, 2 * size);
      records = Arrays.copyOf(records, 2 * size);
    }
    identities[size] = identity;
    shards[size] = shard;
    records[size++] = record;
  }

  private CountedIdentities excluded(int range) throws IOException {
    CountedIdentities excluded = new CountedIdentities();
    for (String path : selecting.excluded()) {
      excluded.addRange(storage, path, range, selecting.rangeBits());
    }
    excluded.sort(sort);
    return excluded;
  }

  /** By dataset, what was given before. */
  private CountedIdentities[] used(int range) throws IOException {
    int datasets = 0;
    for (ShardToSelect shard : selecting.shards()) {
      datasets = Math.max(datasets, shard.dataset() + 1);
    }
    CountedIdentities[] used = new CountedIdentities[datasets];
    Arrays.setAll(used, d -> new CountedIdentities());
    for (RunsOf file : selecting.used()) {
      try (RunsReader runs = new RunsReader(storage, file.path())) {
        runs.range(range, selecting.rangeBits());
        while (runs.next()) {
          int dataset = file.numbers()[runs.group()];
          for (int i = 0; i < runs.size() && dataset >= 0; i++) {
            used[dataset].add(runs.identity(i), runs.count(i));
          }
        }
      }
    }
    for (CountedIdentities of : used) {
      of.sort(sort);
    }
    return used;
  }

  private void decide(CountedIdentities excluded, CountedIdentities[] used) throws IOException {
    int to;
    for (int from = 0; from < size; from = to) {
      long identity = identities[from];
      to = from + 1;
      while (to < size && identities[to] == identity) {
        to++;
      }
      if (to - from > 1) {
        sortTies(from, to);
      }
      boolean isExcluded = excluded.count(identity) > 0;
      int kept = 0;
      for (int i = from; i < to; i++) {
        int row = order[i];
        ShardToSelect shard = selecting.shards().get(shards[row]);
        if (Arrays.binarySearch(shard.heldOut(), records[row]) >= 0) {
          code(row, HELD_OUT);
        } else if (isExcluded) {
          code(row, EXCLUDED);
        } else if (selecting.removeDuplicates() && kept > 0) {
          code(row, DUPLICATE);
        } else {
          order[from + kept++] = row;
        }
      }
      if (selecting.onlyUsed()) {
        long uses = used[0].count(identity);
        for (long i = uses; i < kept; i++) {
          code(order[from + (int) i], NOT_GIVEN);
        }
      } else {
        countUses(identity, from, from + kept, used);
      }
    }
  }

  /** The records that stay, dataset by dataset: the first ones of each were given once more. */
  private void countUses(long identity, int from, int to, CountedIdentities[] used) {
    for (int d = 0; d < used.length; d++) {
      long uses = used[d].size() == 0 ? 0 : used[d].count(identity);
      if (uses == 0) {
        continue;
      }
      long same = 0;
      for (int i = from; i < to; i++) {
        same += dataset(order[i]) == d ? 1 : 0;
      }
      long ordinal = 0;
      for (int i = from; i < to; i++) {
        if (dataset(order[i]) == d) {
          long given = uses / same + (ordinal++ < uses % same ? 1 : 0);
          code(order[i], (int) Math.min(given, Integer.MAX_VALUE));
        }
      }
    }
  }

  private int dataset(int row) {
    return selecting.shards().get(shards[row]).dataset();
  }

  /** A record among others of its identity. */
  private record Tied(int row, int precedence, long hash, int shard, int record) {}

  /**
   * By precedence of datasets, then the hash of the record, then fingerprint, which shards are
   * numbered by, then record.
   */
  private void sortTies(int from, int to) throws IOException {
    List<Tied> tied = new ArrayList<>();
    for (int i = from; i < to; i++) {
      int row = order[i];
      int precedence = selecting.shards().get(shards[row]).precedence();
      tied.add(new Tied(row, precedence, hash(row), shards[row], records[row]));
    }
    tied.sort(
        Comparator.comparingInt(Tied::precedence)
            .thenComparing(Tied::hash, Long::compareUnsigned)
            .thenComparingInt(Tied::shard)
            .thenComparingInt(Tied::record));
    for (int i = from; i < to; i++) {
      order[i] = tied.get(i - from).row();
    }
  }

  /** The hash of a row's record; 0 where records of one identity have one hash. */
  private long hash(int row) throws IOException {
    String path = selecting.shards().get(shards[row]).hashes();
    if (path.isEmpty()) {
      return 0;
    }
    RecordHashes of = hashes.get(path);
    if (of == null) {
      of = new RecordHashes(storage, path);
      hashes.put(path, of);
    }
    return of.of(records[row]);
  }

  private void code(int row, int code) {
    if (code != 0) {
      codes.computeIfAbsent(shards[row], s -> new Codes()).add(records[row], code);
    }
  }
}
