package dev.mixdown.transforms.selection;

import dev.mixdown.transforms.identities.RunsOf;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What decides which records of a stage may be given.
 *
 * @param shards all shards of the stage, by number
 * @param excluded files with the identities that are left out
 * @param used files with the identities that were given before; their groups are datasets
 * @param removeDuplicates whether of several records with one identity one stays
 * @param onlyUsed whether only records that were given before may be given, and as if they never
 *     were
 * @param rangeBits identities are looked at in ranges, by so many of their highest bits
 */
public record Selecting(
    List<ShardToSelect> shards,
    List<String> excluded,
    List<RunsOf> used,
    boolean removeDuplicates,
    boolean onlyUsed,
    int rangeBits)
    implements Serializable {
  /** Records that are looked at together, about: what a worker holds in memory. */
  private static final long PER_RANGE = 1L << 20;

  /** A range is never less than this part of all identities. */
  private static final int MOST_BITS = 12;

  /** The ranges of identities that some of the highest bits tell apart. */
  public static List<Integer> ranges(int rangeBits) {
    return IntStream.range(0, 1 << rangeBits).boxed().toList();
  }

  /**
   * By how many bits identities are looked at.
   *
   * @param records that there are, and identities that they are held against
   */
  public static int rangeBits(long records) {
    int bits = 0;
    while (bits < MOST_BITS && records >>> bits > PER_RANGE) {
      bits++;
    }
    return bits;
  }
}
