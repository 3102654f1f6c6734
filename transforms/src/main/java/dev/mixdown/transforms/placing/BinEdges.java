package dev.mixdown.transforms.placing;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;

/**
 * Where each bin of each stratum begins, counted in samples of the stratum: the running sums of the
 * histograms. They turn a rank value into an exact range of ranks.
 */
public final class BinEdges implements Serializable {
  /** Those of a layout in file order, which has no bins. */
  public static final BinEdges NONE = new BinEdges(0);

  private final long[][] edges;
  private final int[][] firstSlice;
  private final int[][] lastSlice;

  private BinEdges(int strata) {
    edges = new long[strata][];
    firstSlice = new int[strata][];
    lastSlice = new int[strata][];
  }

  /**
   * Adds up what was counted.
   *
   * @param histograms by dataset number: the records in each bin, by stratum, pass and bin
   */
  public static BinEdges of(Layout layout, Map<Integer, long[]> histograms) {
    BinEdges edges = new BinEdges(layout.strata().size());
    for (int s = 0; s < layout.strata().size(); s++) {
      long[] counts = histograms.get(layout.strata().get(s).dataset());
      if (counts == null) {
        throw new IllegalStateException("no histogram of " + layout.strata().get(s).stratum());
      }
      edges.add(s, layout, counts);
    }
    return edges;
  }

  private void add(int s, Layout layout, long[] counts) {
    Layout.PlacedStratum placed = layout.strata().get(s);
    edges[s] = new long[placed.allBins() + 1];
    // Counted from the first sample of this manifest: what was given before comes before it.
    edges[s][0] = -placed.skipped();
    firstSlice[s] = new int[placed.allBins()];
    lastSlice[s] = new int[placed.allBins()];
    for (int b = 0; b < placed.allBins(); b++) {
      long from = edges[s][b];
      long to = from + counts[placed.firstBin() + b];
      edges[s][b + 1] = to;
      if (from < to && to > 0 && from < placed.quota()) {
        firstSlice[s][b] = layout.sliceOf(s, Math.max(0, from));
        lastSlice[s][b] = layout.sliceOf(s, Math.min(to, placed.quota()) - 1);
      } else {
        // Nothing of this bin is taken.
        firstSlice[s][b] = 0;
        lastSlice[s][b] = -1;
      }
    }
  }

  /** The first slice that samples of a bin may go to. */
  int firstSlice(int stratum, int bin) {
    return firstSlice[stratum][bin];
  }

  /** The last one; before the first where none is taken. */
  int lastSlice(int stratum, int bin) {
    return lastSlice[stratum][bin];
  }

  /** By stratum: how many of its samples come before all those that a slice was sent. */
  public long[] firstSent(Layout layout, int slice) {
    if (!layout.shuffle()) {
      // In file order a slice is sent what it needs, and nothing else.
      return layout.boundaries()[slice];
    }
    long[] first = new long[edges.length];
    Arrays.setAll(first, stratum -> firstSent(stratum, layout.boundaries()[slice][stratum]));
    return first;
  }

  private long firstSent(int stratum, long due) {
    long[] e = edges[stratum];
    int low = 0;
    int high = e.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (e[middle] <= due) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return e[low];
  }
}
