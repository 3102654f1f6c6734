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
        for (int p = passes.first(); p < passes.end(); p++) {
          byRank(edges, index, p);
          flush(p);
        }
      }
    }
  }

  private void byRank(BinEdges edges, IndexReader index, int pass) {
    Ranking ranking = passes.ranking(pass);
    for (int i = 0; i < index.size(); i++) {
      int stratum = passes.stratum(index.group(i), pass);
      if (stratum >= 0) {
        Layout.PlacedStratum placed = passes.placed(stratum);
        int bin =
            (pass - placed.firstPass()) * placed.bins()
                + placed.bin(ranking.value(index.identity(i)));
        int last = edges.lastSlice(stratum, bin);
        for (int slice = edges.firstSlice(stratum, bin); slice <= last; slice++) {
          add(slice, pass, stratum, index, i);
        }
      }
    }
  }

  /** In file order: every position is known. */
  public void byFileOrder() throws IOException {
    int first = passes.first();
    // By pass and stratum, how many records of the pass have come.
    long[][] reached = new long[passes.end() - first][layout.strata().size()];
    for (int g = 0; g < task.strata().length; g++) {
      int stratum = task.strata()[g];
      for (int p = 0; stratum >= 0 && p < task.firstOrdinals()[g].length; p++) {
        reached[passes.placed(stratum).firstPass() + p - first][stratum] =
            task.firstOrdinals()[g][p];
      }
    }
    try (IndexReader index = new IndexReader(storage, task.index())) {
      while (index.next()) {
        for (int p = first; p < passes.end(); p++) {
          byFileOrder(reached[p - first], index, p);
          flush(p);
        }
      }
    }
  }

  private void byFileOrder(long[] ordinals, IndexReader index, int pass) {
    long[] before = passes.samplesBefore(pass);
    long[] records = passes.records(pass);
    for (int i = 0; i < index.size(); i++) {
      int stratum = passes.stratum(index.group(i), pass);
      if (stratum >= 0) {
        long rest = passes.placed(stratum).quota() - before[stratum];
        long n = ordinalInPass(rest, records[stratum], ordinals[stratum]++);
        if (n >= 0) {
          add(layout.sliceOf(stratum, before[stratum] + n), pass, stratum, index, i);
        }
      }
    }
  }

  /**
   * Which of the samples of a pass a record gives; -1 for none. A partial pass of k among n records
   * takes the ordinals floor(i * n / k).
   *
   * @param rest how many samples are left for this pass and all behind it
   * @param records how many the pass has
   * @param ordinal the record's, among those of the pass
   */
  private static long ordinalInPass(long rest, long records, long ordinal) {
    if (rest >= records) {
      return ordinal;
    }
    if (rest <= 0) {
      return -1;
    }
    long i = (Math.multiplyExact(ordinal, rest) + records - 1) / records;
    return i < rest && Math.multiplyExact(i, records) / rest == ordinal ? i : -1;
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
