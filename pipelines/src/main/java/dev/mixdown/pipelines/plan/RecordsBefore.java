package dev.mixdown.pipelines.plan;

import dev.mixdown.transforms.placing.Layout;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many records of a dataset's strata lie in its shards so far, by how often they were given.
 */
final class RecordsBefore {
  private final Map<Integer, TreeMap<Integer, Long>> before = new HashMap<>();

  /** Adds records of a shard. */
  void add(int stratum, int given, long records) {
    before.computeIfAbsent(stratum, s -> new TreeMap<>()).merge(given, records, Long::sum);
  }

  /** By pass of a stratum, from its first: how many records that the pass has came so far. */
  long[] ofPasses(Layout.PlacedStratum placed, int stratum) {
    long[] passes = new long[placed.passes()];
    TreeMap<Integer, Long> records = before.getOrDefault(stratum, new TreeMap<>());
    for (int p = 0; p < passes.length; p++) {
      passes[p] =
          records.headMap(placed.firstPass() + p, true).values().stream()
              .mapToLong(Long::longValue)
              .sum();
    }
    return passes;
  }
}
