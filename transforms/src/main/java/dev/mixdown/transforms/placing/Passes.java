package dev.mixdown.transforms.placing;

import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.mixing.Ranking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The passes over one shard: which strata its records belong to, and each pass's rank values. */
final class Passes {
  private final int[] strata;
  private final Layout.PlacedStratum[] placed;
  private final int[] passes;
  private final List<Ranking> rankings = new ArrayList<>();

  Passes(Layout layout, ShardToPlace task) {
    strata = task.strata();
    placed = layout.strata().toArray(Layout.PlacedStratum[]::new);
    passes = Arrays.stream(placed).mapToInt(Layout.PlacedStratum::passes).toArray();
    int most = Arrays.stream(strata).filter(s -> s >= 0).map(s -> passes[s]).max().orElse(0);
    String dataset = layout.datasets().get(task.dataset());
    for (int p = 0; p < most; p++) {
      rankings.add(Ranking.ofPass(layout.seed(), layout.epoch(), dataset, p));
    }
  }

  /** The passes of the stratum that has most. */
  int most() {
    return rankings.size();
  }

  Ranking ranking(int pass) {
    return rankings.get(pass);
  }

  /** The stratum of a group of the shard's index; -1 where it gives nothing. */
  int stratum(int group) {
    return group == IndexReader.LEFT_OUT ? -1 : strata[group];
  }

  Layout.PlacedStratum placed(int stratum) {
    return placed[stratum];
  }

  int of(int stratum) {
    return passes[stratum];
  }
}
