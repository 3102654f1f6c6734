package dev.mixdown.transforms.selection;

import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.index.IndexWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the index of a shard's selected records: every record keeps its number; those that are
 * left out are marked so, and groups are divided by how often their records were given before.
 */
public final class IndexSelection {
  private static final Map<Integer, String> RULES =
      Map.of(
          RangeSelection.HELD_OUT, "hold_out",
          RangeSelection.EXCLUDED, "exclude",
          RangeSelection.DUPLICATE, "remove_duplicates",
          RangeSelection.NOT_GIVEN, "not_given");

  private final List<SelectedShard.Group> groups = new ArrayList<>();
  private final List<long[]> counts = new ArrayList<>();
  private final Map<Long, Integer> numbers = new HashMap<>();
  private final Map<String, Long> leftOut = new TreeMap<>();

  private long lastKey = -1;
  private int lastNumber;

  private IndexSelection() {}

  /**
   * Writes the index.
   *
   * @param packed the codes of the shard's records
   */
  public static SelectedShard write(Storage storage, ShardToSelect shard, Iterable<byte[]> packed)
      throws IOException {
    return new IndexSelection().selected(storage, shard, packed);
  }

  private SelectedShard selected(Storage storage, ShardToSelect shard, Iterable<byte[]> packed)
      throws IOException {
    int[] codes = Codes.together(packed, shard.records());
    String folder = StoragePath.folder(shard.selected());
    storage.makeFolder(folder);
    try (IndexReader in = new IndexReader(storage, shard.index());
        Draft draft = storage.draft(folder)) {
      OutputStream out = new BufferedOutputStream(draft, 1 << 16);
      IndexWriter index = new IndexWriter(out);
      while (in.next()) {
        for (int i = 0; i < in.size(); i++) {
          int code = codes[in.record(i)];
          if (in.group(i) == IndexReader.LEFT_OUT || code < 0) {
            index.add(-1, 0, 0, IndexReader.LEFT_OUT);
            if (code < 0) {
              leftOut.merge(RULES.getOrDefault(code, ""), 1L, Long::sum);
            }
          } else {
            index.add(in.offset(i), in.length(i), in.identity(i), group(in.group(i), code));
          }
        }
      }
      index.close();
      out.flush();
      draft.publish(shard.selected());
    }
    List<SelectedShard.Group> counted = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      counted.add(
          new SelectedShard.Group(groups.get(g).group(), groups.get(g).given(), counts.get(g)[0]));
    }
    return new SelectedShard(shard.number(), shard.selected(), counted, leftOut);
  }

  private int group(int group, int given) throws IOException {
    long key = (long) group << 32 | given;
    if (key == lastKey) {
      counts.get(lastNumber)[0]++;
      return lastNumber;
    }
    Integer number = numbers.get(key);
    if (number == null) {
      number = groups.size();
      if (number == IndexReader.LEFT_OUT) {
        throw new IOException(
            "a shard has more than %,d groups of records by category, level and how often they were given"
                .formatted(IndexReader.LEFT_OUT));
      }
      numbers.put(key, number);
      groups.add(new SelectedShard.Group(group, given, 0));
      counts.add(new long[1]);
    }
    counts.get(number)[0]++;
    lastKey = key;
    lastNumber = number;
    return number;
  }
}
