package dev.mixdown.transforms.uses;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.RunsWriter;
import dev.mixdown.transforms.index.IndexReader;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The identities of a shard's records by group, in files of runs beside its index: each record
 * once, as if a manifest gave the whole shard. No file has more records than fit in memory.
 */
public final class UsesOfIndex {
  /** Records of one file. */
  private static final int PER_FILE = 1 << 22;

  private UsesOfIndex() {}

  /**
   * A shard.
   *
   * @param index where its index lies
   * @param files where the identities of its records go
   */
  public record Shard(String index, List<String> files) implements Serializable {
    /**
     * A shard with its files beside its index.
     *
     * @param records those that the index has, also those left out
     */
    public static Shard of(String index, long records) {
      List<String> files = new ArrayList<>();
      for (long from = 0; from < Math.max(1, records); from += PER_FILE) {
        files.add("%s.groups-%d".formatted(index, files.size()));
      }
      return new Shard(index, List.copyOf(files));
    }

    /** The file that is written last. */
    public String last() {
      return files.get(files.size() - 1);
    }
  }

  /** Writes the files of a shard; where its index lies. */
  public static String write(Storage storage, Shard shard) throws IOException {
    try (IndexReader in = new IndexReader(storage, shard.index())) {
      UsesWriter.@Nullable Numbers[] groups = new UsesWriter.Numbers[IndexReader.LEFT_OUT];
      int file = 0;
      while (in.next()) {
        for (int i = 0; i < in.size(); i++) {
          while (in.record(i) / PER_FILE > file) {
            write(storage, shard.files().get(file++), groups);
          }
          if (in.group(i) != IndexReader.LEFT_OUT) {
            int group = in.group(i);
            UsesWriter.Numbers numbers = groups[group];
            if (numbers == null) {
              numbers = new UsesWriter.Numbers();
              groups[group] = numbers;
            }
            numbers.add(in.identity(i));
          }
        }
      }
      while (file < shard.files().size()) {
        write(storage, shard.files().get(file++), groups);
      }
    }
    return shard.index();
  }

  private static void write(Storage storage, String file, UsesWriter.@Nullable Numbers[] groups)
      throws IOException {
    RunsWriter runs = RunsWriter.counted();
    for (int g = 0; g < groups.length; g++) {
      UsesWriter.Numbers numbers = groups[g];
      if (numbers != null) {
        runs.add(g, numbers.values(), numbers.size());
      }
      groups[g] = null;
    }
    storage.write(file, runs.bytes());
  }
}
