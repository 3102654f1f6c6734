package dev.mixdown.transforms.selection;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.RunsWriter;
import dev.mixdown.transforms.index.IndexReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A shard's records sorted by identity: files beside its index, each with some of its records, so
 * that no shard is too large to be sorted in memory.
 */
public final class SortedIdentities {
  /** Records of one file. */
  static final int PER_FILE = 1 << 22;

  private SortedIdentities() {}

  /**
   * Where the files of a shard lie.
   *
   * @param index where its index lies
   * @param records those that the index has, also those left out
   */
  public static List<String> files(String index, long records) {
    List<String> files = new ArrayList<>();
    for (long from = 0; from < Math.max(1, records); from += PER_FILE) {
      files.add(index + ".sorted-" + files.size());
    }
    return files;
  }

  /** Sorts the records of a shard that were not left out. */
  public static void write(Storage storage, String index, List<String> files) throws IOException {
    long[] identities = new long[1 << 12];
    int[] records = new int[identities.length];
    int size = 0;
    int file = 0;
    try (IndexReader in = new IndexReader(storage, index)) {
      while (in.next()) {
        for (int i = 0; i < in.size(); i++) {
          if (in.record(i) / PER_FILE > file) {
            write(storage, files.get(file++), identities, records, size);
            size = 0;
          }
          if (in.group(i) == IndexReader.LEFT_OUT) {
            continue;
          }
          if (size == identities.length) {
            identities = Arrays.copyOf(identities, 2 * size);
            records = Arrays.copyOf(records, 2 * size);
          }
          identities[size] = in.identity(i);
          records[size++] = in.record(i);
        }
      }
    }
    for (; file < files.size(); file++) {
      write(storage, files.get(file), identities, records, size);
      size = 0;
    }
  }

  private static void write(
      Storage storage, String file, long[] identities, int[] records, int size) throws IOException {
    RunsWriter runs = RunsWriter.numbered(size == 0 ? 0 : records[size - 1] + 1L);
    runs.add(0, identities, records, size);
    storage.write(file, runs.bytes());
  }
}
