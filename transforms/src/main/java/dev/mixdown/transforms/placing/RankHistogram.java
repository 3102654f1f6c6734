package dev.mixdown.transforms.placing;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.mixing.Ranking;
import java.io.IOException;

/** Counts the rank values of one shard's records, by stratum, pass and bin. */
public final class RankHistogram {
  private RankHistogram() {}

  /** The counts of a shard, in the bins of its dataset. */
  public static long[] of(Storage storage, Layout layout, ShardToPlace task) throws IOException {
    long[] counts = new long[layout.bins(task.dataset())];
    Passes passes = new Passes(layout, task);
    try (IndexReader index = new IndexReader(storage, task.index())) {
      while (index.next()) {
        for (int p = passes.first(); p < passes.end(); p++) {
          Ranking ranking = passes.ranking(p);
          for (int i = 0; i < index.size(); i++) {
            int stratum = passes.stratum(index.group(i), p);
            if (stratum >= 0) {
              Layout.PlacedStratum placed = passes.placed(stratum);
              int bin =
                  (p - placed.firstPass()) * placed.bins()
                      + placed.bin(ranking.value(index.identity(i)));
              counts[placed.firstBin() + bin]++;
            }
          }
        }
      }
    }
    return counts;
  }
}
