package dev.mixdown.transforms.identities;

import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a shard's records sorted by identity, in files that each have some of the records: no
 * shard is too large to be sorted in memory.
 */
public final class SortedRecords {
  /** Records of one file. */
  private static final int PER_FILE = 1 << 22;

  private final Storage storage;
  private final List<String> files;
  private final RunsBuffer buffer = new RunsBuffer();
  private int file;

  /**
   * @param files as {@link #files} names them; the last one is written last
   */
  public SortedRecords(Storage storage, List<String> files) {
    this.storage = storage;
    this.files = files;
  }

  /**
   * Where the files of a shard lie.
   *
   * @param prefix how their paths begin
   * @param records all that the shard has
   */
  public static List<String> files(String prefix, long records) {
    List<String> files = new ArrayList<>();
    for (long from = 0; from < Math.max(1, records); from += PER_FILE) {
      files.add(prefix + "-" + files.size());
    }
    return files;
  }

  /** Adds a record; each next one has a larger number. */
  public void add(int record, long identity) throws IOException {
    while (record / PER_FILE > file) {
      next();
    }
    buffer.add(identity, record);
  }

  /** Writes what is left. */
  public void finish() throws IOException {
    while (file < files.size()) {
      next();
    }
  }

  private void next() throws IOException {
    storage.write(files.get(file++), buffer.take());
  }

  /** The records of one file. */
  private static final class RunsBuffer {
    private long[] identities = new long[1 << 12];
    private int[] records = new int[1 << 12];
    private int size;

    void add(long identity, int record) {
      if (size == identities.length) {
        identities = Arrays.copyOf(identities, 2 * size);
        records = Arrays.copyOf(records, 2 * size);
      }
      identities[size] = identity;
      records[size++] = record;
    }

    byte[] take() {
      RunsWriter runs = RunsWriter.numbered(size == 0 ? 0 : records[size - 1] + 1L);
      runs.add(0, identities, records, size);
      size = 0;
      return runs.bytes();
    }
  }
}
