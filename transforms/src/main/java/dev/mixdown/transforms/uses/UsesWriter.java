package dev.mixdown.transforms.uses;

import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.identities.RunsWriter;
import dev.mixdown.transforms.identities.SetDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes the identities of a part's samples beside it, and says what the part uses. */
public final class UsesWriter {
  private final List<Uses.PartStratum> strata = new ArrayList<>();
  private final RunsWriter runs = RunsWriter.counted();

  /**
   * Adds the identities of a stratum's samples in the part, in any order, each as often as it is
   * used. They are sorted where they lie.
   *
   * @param stratum its number among those that rows tell apart; each next one is larger
   */
  public void add(int stratum, long[] of, int n) {
    if (n == 0) {
      return;
    }
    SetDigest.Sum digest = new SetDigest.Sum();
    for (int i = 0; i < n; i++) {
      digest.add(of[i], 1);
    }
    runs.add(stratum, of, n);
    strata.add(new Uses.PartStratum(stratum, n, digest.digest().toString()));
  }

  /** The file. */
  byte[] bytes() {
    return runs.bytes();
  }

  /**
   * Writes the file.
   *
   * @param folder the manifest's
   * @param part the part's path in it
   */
  public Uses.Part write(Storage storage, String folder, String part) throws IOException {
    byte[] bytes = runs.bytes();
    String path = Uses.FOLDER + "/" + part.substring(0, part.lastIndexOf('.')) + ".runs";
    storage.write(StoragePath.resolve(folder, path), bytes);
    return new Uses.Part(
        path, bytes.length, Digests.hex(Digests.sha256().digest(bytes)), runs.entries(), strata);
  }

  /** A list of numbers that grows. */
  public static final class Numbers {
    private long[] values = new long[1024];
    private int size;

    public void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    /** The numbers, with room behind them. */
    public long[] values() {
      return values;
    }

    public int size() {
      return size;
    }
  }
}
