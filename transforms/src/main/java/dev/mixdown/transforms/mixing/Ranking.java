package dev.mixdown.transforms.mixing;

import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The pseudo-random numbers of one pass over one dataset. A record's rank value depends on nothing
 * but its identity, the seed, the dataset, the pass and the epoch: not on files, workers or time.
 *
 * <p>Two rounds of the 64-bit finalizer "rrmxmx" (P. Evensen, 2018) around two keys. Each round is
 * a permutation of the 64-bit numbers, so records of different identity never share a rank value.
 */
public final class Ranking {
  private final long first;
  private final long second;

  private Ranking(long first, long second) {
    this.first = first;
    this.second = second;
  }

  /** The rank values of one pass. */
  public static Ranking ofPass(long seed, long epoch, String dataset, long pass) {
    return keyed("rank", seed, epoch, dataset, pass);
  }

  /** The augmentation seeds of one pass: another sequence from the same facts. */
  public static Ranking ofAugmentation(long seed, long epoch, String dataset, long pass) {
    return keyed("augment", seed, epoch, dataset, pass);
  }

  private static Ranking keyed(String use, long seed, long epoch, String dataset, long pass) {
    byte[] key = key(use, seed, epoch, pass, dataset);
    return new Ranking(
        Hashing.xxh3_64(1).hashBytesToLong(key), Hashing.xxh3_64(2).hashBytesToLong(key));
  }

  /** Facts as bytes, one way only: the use, three numbers, and text that runs to the end. */
  public static byte[] key(String use, long a, long b, long c, String text) {
    byte[] useBytes = use.getBytes(StandardCharsets.UTF_8);
    byte[] textBytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(useBytes.length + 1 + 3 * Long.BYTES + textBytes.length)
        .put(useBytes)
        .put((byte) 0)
        .putLong(a)
        .putLong(b)
        .putLong(c)
        .put(textBytes)
        .array();
  }

  /** The value of a record: any 64-bit number, to be compared as unsigned. */
  public long value(long identity) {
    return mix(mix(identity ^ first) + second);
  }

  static long mix(long v) {
    v ^= Long.rotateRight(v, 49) ^ Long.rotateRight(v, 24);
    v *= 0x9FB21C651E98DF25L;
    v ^= v >>> 28;
    v *= 0x9FB21C651E98DF25L;
    return v ^ (v >>> 28);
  }
}
