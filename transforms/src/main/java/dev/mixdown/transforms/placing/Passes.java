package dev.mixdown.transforms.placing;

import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.mixing.Ranking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The passes over one shard: which strata its records belong to, which passes they are in, and each
 * pass's rank values.
 */
final class Passes {
  private final int[] strata;
  private final int[] given;
  private final Layout.PlacedStratum[] placed;
  private final int[] firstPass;
  private final int[] endPass;
  private final int first;
  private final List<Ranking> rankings = new ArrayList<>();

  Passes(Layout layout, ShardToPlace task) {
    strata = task.strata();
    given = task.given();
    placed = layout.strata().toArray(Layout.PlacedStratum[]::new);
    firstPass = Arrays.stream(placed).mapToInt(Layout.PlacedStratum::firstPass).toArray();
    endPass = Arrays.stream(placed).mapToInt(s -> s.firstPass() + s.passes()).toArray();
    first = Arrays.stream(strata).filter(s -> s >= 0).map(s -> firstPass[s]).min().orElse(0);
    int end = Arrays.stream(strata).filter(s -> s >= 0).map(s -> endPass[s]).max().orElse(0);
    String dataset = layout.datasets().get(task.dataset());
    for (int p = first; p < end; p++) {
      rankings.add(Ranking.ofPass(layout.seed(), layout.epoch(), dataset, p));
    }
  }

  /** The first pass of any stratum. */
  int first() {
    return first;
  }

  /** The pass behind the last one of any stratum. */
  int end() {
    return first + rankings.size();
  }

  Ranking ranking(int pass) {
    return rankings.get(pass - first);
  }

  /**
   * The stratum of a group of the shard's index in a pass; -1 where it gives nothing then, because
   * it never does, or because its records were given more often already.
   */
  int stratum(int group, int pass) {
    if (group == IndexReader.LEFT_OUT) {
      return -1;
    }
    int stratum = strata[group];
    return stratum >= 0
            && pass >= firstPass[stratum]
            && pass < endPass[stratum]
            && given[group] <= pass
        ? stratum
        : -1;
  }

  /** By stratum, how many records a pass has. */
  long[] records(int pass) {
    return Arrays.stream(placed).mapToLong(s -> s.inPass(pass)).toArray();
  }

  /** By stratum, how many samples come before a pass where it is whole. */
  long[] samplesBefore(int pass) {
    long[] before = new long[placed.length];
    for (int p = first; p < pass; p++) {
      for (int s = 0; s < before.length; s++) {
        before[s] += placed[s].inPass(p);
      }
    }
    return before;
  }

  Layout.PlacedStratum placed(int stratum) {
    return placed[stratum];
  }
}
