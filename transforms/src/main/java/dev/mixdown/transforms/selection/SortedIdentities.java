package dev.mixdown.transforms.selection;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.SortedRecords;
import dev.mixdown.transforms.index.IndexReader;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** A shard's records sorted by identity, in files beside its index. */
public final class SortedIdentities {
  private SortedIdentities() {}

  /**
   * Where the files of a shard lie.
   *
   * @param index where its index lies
   * @param records those that the index has, also those left out
   */
  public static List<String> files(String index, long records) {
    return SortedRecords.files(index + ".sorted", records);
  }

  /**
   * A shard to sort.
   *
   * @param files where its sorted records go
   */
  public record Shard(String index, List<String> files) implements Serializable {}

  /** Sorts the records of a shard that were not left out; where its index lies. */
  public static String write(Storage storage, Shard shard) throws IOException {
    SortedRecords sorted = new SortedRecords(storage, shard.files());
    try (IndexReader in = new IndexReader(storage, shard.index())) {
      while (in.next()) {
        for (int i = 0; i < in.size(); i++) {
          if (in.group(i) != IndexReader.LEFT_OUT) {
            sorted.add(in.record(i), in.identity(i));
          }
        }
      }
    }
    sorted.finish();
    return shard.index();
  }
}
