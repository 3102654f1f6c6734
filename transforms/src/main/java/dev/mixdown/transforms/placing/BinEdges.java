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
  private final int[][] firstPart;
  private final int[][] lastPart;

  private BinEdges(int strata) {
    edges = new long[strata][];
    firstPart = new int[strata][];
    lastPart = new int[strata][];
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
    firstPart[s] = new int[placed.allBins()];
    lastPart[s] = new int[placed.allBins()];
    for (int b = 0; b < placed.allBins(); b++) {
      long from = edges[s][b];
      long to = from + counts[placed.firstBin() + b];
      edges[s][b + 1] = to;
      if (from < to && from < placed.quota()) {
        firstPart[s][b] = layout.partOf(s, from);
        lastPart[s][b] = layout.partOf(s, Math.min(to, placed.quota()) - 1);
      } else {
        // Nothing of this bin is taken.
        firstPart[s][b] = 0;
        lastPart[s][b] = -1;
      }
    }
  }

  /** The first part that samples of a bin may go to. */
  int firstPart(int stratum, int bin) {
    return firstPart[stratum][bin];
  }

  /** The last one; before the first where none is taken. */
  int lastPart(int stratum, int bin) {
    return lastPart[stratum][bin];
  }

  /** By stratum: how many of its samples come before all those that a part was sent. */
  public long[] firstSent(Layout layout, int part) {
    long[] first = new long[edges.length];
    Arrays.setAll(first, stratum -> firstSent(stratum, layout.boundaries()[part][stratum]));
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
