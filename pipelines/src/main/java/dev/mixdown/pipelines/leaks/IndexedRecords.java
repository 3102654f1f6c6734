package dev.mixdown.pipelines.leaks;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.IndexReader;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** What a shard's index has of some records. */
final class IndexedRecords {
  private IndexedRecords() {}

  /** By record, its identity; one that a filter leaves out is missing. */
  static Map<Integer, Long> identities(Storage storage, String index, BitSet records)
      throws IOException {
    Map<Integer, Long> identities = new HashMap<>();
    try (IndexReader in = new IndexReader(storage, index)) {
      while (in.next()) {
        int first = in.record(0);
        for (int record = records.nextSetBit(first);
            record >= 0 && record < first + in.size();
            record = records.nextSetBit(record + 1)) {
          if (in.group(record - first) != IndexReader.LEFT_OUT) {
            identities.put(record, in.identity(record - first));
          }
        }
      }
    }
    return identities;
  }
}
