package dev.mixdown.transforms.selection;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.SortedRecords;
import dev.mixdown.transforms.index.IndexReader;
import java.io.IOException;
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

  /** Sorts the records of a shard that were not left out. */
  public static void write(Storage storage, String index, List<String> files) throws IOException {
    SortedRecords sorted = new SortedRecords(storage, files);
    try (IndexReader in = new IndexReader(storage, index)) {
      while (in.next()) {
        for (int i = 0; i < in.size(); i++) {
          if (in.group(i) != IndexReader.LEFT_OUT) {
            sorted.add(in.record(i), in.identity(i));
          }
        }
      }
    }
    sorted.finish();
  }
}
