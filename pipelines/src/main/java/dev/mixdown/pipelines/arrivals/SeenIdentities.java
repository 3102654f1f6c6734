package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.CountedIdentities;
import dev.mixdown.transforms.identities.RunsWriter;
import dev.mixdown.transforms.identities.UnsignedSort;
import dev.mixdown.transforms.selection.Selecting;
import dev.mixdown.transforms.stream.StreamState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The identities that a stream has brought and not struck, for streams without duplicates. Each
 * increment keeps those of its arrivals, and of what it struck, as sorted runs; with every snapshot
 * they are merged into one file. They are looked at range by range: memory does not grow with them.
 */
public final class SeenIdentities {
  /** The name of an increment's identities in its folder. */
  public static final String BROUGHT = "identities";

  /** The name of those that it struck. */
  public static final String STRUCK = "struck-identities";

  private static final String MERGED = ".identities";

  private final Chain chain;
  private final Storage storage;
  private final List<String> brought = new ArrayList<>();
  private final List<String> struck = new ArrayList<>();

  public SeenIdentities(Chain chain) throws IOException {
    this.chain = chain;
    this.storage = chain.folder().storage();
    long merged = 0;
    for (String name : storage.names(chain.folder().file("snapshots"))) {
      if (name.matches("\\d{10}\\" + MERGED)) {
        long seq = Long.parseLong(name.substring(0, 10));
        merged = seq <= chain.state().seq() ? Math.max(merged, seq) : merged;
      }
    }
    if (merged > 0) {
      brought.add(file(merged));
    }
    for (long seq = merged + 1; seq <= chain.state().seq(); seq++) {
      Increment increment = chain.increment(seq);
      if (!increment.arrivals().isEmpty()) {
        brought.add(chain.folder().file(increment.folder() + "/" + BROUGHT));
      }
      if (increment.struck().stream().anyMatch(s -> !s.reason().equals(Increment.Struck.SURPLUS))) {
        struck.add(chain.folder().file(increment.folder() + "/" + STRUCK));
      }
    }
  }

  private String file(long seq) {
    return chain.folder().file("snapshots/%010d%s".formatted(seq, MERGED));
  }

  private int rangeBits(int more) {
    return Selecting.rangeBits(chain.state().totals().getOrDefault(StreamState.RECORDS, 0L) + more);
  }

  /**
   * Which of some identities were there before, or come again among them: their places, in the
   * order in which they were added.
   */
  public BitSet again(SortedIds ids) throws IOException {
    ids.sort();
    BitSet again = new BitSet();
    int bits = rangeBits(ids.size());
    int i = 0;
    for (int range : Selecting.ranges(bits)) {
      CountedIdentities before = range(brought, range, bits);
      CountedIdentities gone = range(struck, range, bits);
      while (i < ids.size() && (bits == 0 || ids.id(i) >>> (Long.SIZE - bits) == range)) {
        long id = ids.id(i);
        boolean there = before.count(id) > gone.count(id);
        for (boolean first = !there; i < ids.size() && ids.id(i) == id; i++) {
          if (!first) {
            again.set(ids.added(i));
          }
          first = false;
        }
      }
    }
    return again;
  }

  private CountedIdentities range(List<String> files, int range, int bits) throws IOException {
    CountedIdentities all = new CountedIdentities();
    for (String file : files) {
      all.addRange(storage, file, range, bits);
    }
    all.sort(new UnsignedSort());
    return all;
  }

  /** Merges what was brought and not struck into one file, and removes earlier ones. */
  public void merge() throws IOException {
    CountedIdentities before = range(brought, 0, 0);
    CountedIdentities gone = range(struck, 0, 0);
    long[] left = before.without(gone);
    RunsWriter writer = RunsWriter.counted();
    writer.add(0, left, left.length);
    storage.write(file(chain.state().seq()), writer.bytes());
    List<String> old = new ArrayList<>();
    for (String name : storage.names(chain.folder().file("snapshots"))) {
      if (name.matches("\\d{10}\\" + MERGED)
          && Long.parseLong(name.substring(0, 10))
              <= chain.state().seq() - 2 * Chain.SNAPSHOT_EVERY) {
        old.add(chain.folder().file("snapshots/" + name));
      }
    }
    storage.delete(old);
  }

  /** Writes identities as a file of an increment. */
  public static void write(Storage storage, String path, SortedIds ids) throws IOException {
    RunsWriter writer = RunsWriter.counted();
    long[] all = ids.toArray();
    writer.add(0, all, all.length);
    storage.write(path, writer.bytes());
  }
}
