package dev.mixdown.transforms.identities;

import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * What two collections of samples have in common, each sample counted as often as it is there.
 *
 * @param both in both
 * @param onlyFirst in the first only
 * @param onlySecond in the second only
 * @param held those of the first whose identity the second has too, however often
 */
public record Overlap(long both, long onlyFirst, long onlySecond, long held)
    implements Serializable {
  /** Nothing on either side. */
  public static final Overlap NONE = new Overlap(0, 0, 0, 0);

  /** The overlap of the files of two collections in one range of identities. */
  public static Overlap ofRange(
      Storage storage, List<String> first, List<String> second, int range, int rangeBits)
      throws IOException {
    UnsignedSort sort = new UnsignedSort();
    CountedIdentities a = new CountedIdentities();
    for (String file : first) {
      a.addRange(storage, file, range, rangeBits);
    }
    a.sort(sort);
    CountedIdentities b = new CountedIdentities();
    for (String file : second) {
      b.addRange(storage, file, range, rangeBits);
    }
    b.sort(sort);
    return a.overlap(b);
  }

  /** Both together. */
  public Overlap plus(Overlap other) {
    return new Overlap(
        both + other.both,
        onlyFirst + other.onlyFirst,
        onlySecond + other.onlySecond,
        held + other.held);
  }
}
