package dev.mixdown.transforms.placing;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.mixing.Ranking;
import java.io.IOException;
import java.util.TreeMap;

/**
 * Sends each sample of a shard, packed with its neighbours, to the slice or slices that its bin
 * lies over; in file order, to the one slice that it belongs to.
 */
public final class Scatter {
  /** Samples in one packed block: large enough to travel cheaply, small enough for any shuffle. */
  private static final int BLOCK = 2048;

  private final Storage storage;
  private final Layout layout;
  private final ShardToPlace task;
  private final Passes passes;
  private final Output output;
  private final TreeMap<Integer, Placements.Packer> open = new TreeMap<>();
  private final Placements.Packer[] packers;

  /** Takes packed blocks, each for one slice. */
  @FunctionalInterface
  public interface Output {
    void send(int slice, byte[] block);
  }

  public Scatter(Storage storage, Layout layout, ShardToPlace task, Output output) {
    this.storage = storage;
    this.layout = layout;
    this.task = task;
    this.passes = new Passes(layout, task);
    this.output = output;
    this.packers = new Placements.Packer[layout.slices()];
  }

  /** By content: ranks are known as far as their bins. */
  public void byRank(BinEdges edges) throws IOException {
    try (IndexReader index = new IndexReader(storage, task.index())) {
      while (index.next()) {
        for (int p = 0; p < passes.most(); p++) {
          byRank(edges, index, p);
          flush(p);
        }
      }
    }
  }

  private void byRank(BinEdges edges, IndexReader index, int pass) {
    Ranking ranking = passes.ranking(pass);
    for (int i = 0; i < index.size(); i++) {
      int stratum = passes.stratum(index.group(i));
      if (stratum >= 0 && pass < passes.of(stratum)) {
        Layout.PlacedStratum placed = passes.placed(stratum);
        int bin = pass * placed.bins() + placed.bin(ranking.value(index.identity(i)));
        int last = edges.lastSlice(stratum, bin);
        for (int slice = edges.firstSlice(stratum, bin); slice <= last; slice++) {
          add(slice, pass, stratum, index, i);
        }
      }
    }
  }

  /** In file order: every position is known. */
  public void byFileOrder() throws IOException {
    long[] reached = new long[layout.strata().size()];
    for (int g = 0; g < task.strata().length; g++) {
      if (task.strata()[g] >= 0) {
        reached[task.strata()[g]] = task.firstOrdinals()[g];
      }
    }
    try (IndexReader index = new IndexReader(storage, task.index())) {
      while (index.next()) {
        long[] ordinals = reached;
        for (int p = 0; p < passes.most(); p++) {
          ordinals = reached.clone();
          byFileOrder(ordinals, index, p);
          flush(p);
        }
        reached = ordinals;
      }
    }
  }

  private void byFileOrder(long[] ordinals, IndexReader index, int pass) {
    for (int i = 0; i < index.size(); i++) {
      int stratum = passes.stratum(index.group(i));
      if (stratum >= 0) {
        long n = position(passes.placed(stratum), pass, ordinals[stratum]++);
        if (n >= 0) {
          add(layout.sliceOf(stratum, n), pass, stratum, index, i);
        }
      }
    }
  }

  /**
   * Which of a stratum's samples a record gives in a pass; -1 for none. A partial pass of k among n
   * records takes the ordinals floor(i * n / k).
   */
  static long position(Layout.PlacedStratum placed, int pass, long ordinal) {
    long whole = placed.quota() / placed.records();
    if (pass < whole) {
      return pass * placed.records() + ordinal;
    }
    long rest = placed.quota() % placed.records();
    if (pass > whole || rest == 0) {
      return -1;
    }
    long i = (Math.multiplyExact(ordinal, rest) + placed.records() - 1) / placed.records();
    return i < rest && Math.multiplyExact(i, placed.records()) / rest == ordinal
        ? whole * placed.records() + i
        : -1;
  }

  private void add(int slice, int pass, int stratum, IndexReader index, int i) {
    Placements.Packer packer = packers[slice];
    if (packer == null) {
      packer = new Placements.Packer();
      packers[slice] = packer;
    }
    if (packer.count() == 0) {
      open.put(slice, packer);
    }
    packer.add(stratum, index.record(i), index.length(i), index.identity(i), index.offset(i));
    if (packer.count() == BLOCK) {
      output.send(slice, packer.take(task.shard(), task.fileOrder(), pass));
      open.remove(slice);
    }
  }

  private void flush(int pass) {
    open.forEach(
        (slice, packer) -> output.send(slice, packer.take(task.shard(), task.fileOrder(), pass)));
    open.clear();
  }
}
