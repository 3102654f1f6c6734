package dev.mixdown.transforms.manifest;

/** Some samples of a part in their order, as columns: filled, written, and filled again. */
public final class Samples {
  /** The most that it holds. A multiple of it makes a Parquet row group. */
  public static final int CAPACITY = 1 << 16;

  final long[] position = new long[CAPACITY];
  final int[] stratum = new int[CAPACITY];
  final int[] shard = new int[CAPACITY];
  final int[] record = new int[CAPACITY];
  final long[] offset = new long[CAPACITY];
  final int[] length = new int[CAPACITY];
  final int[] pass = new int[CAPACITY];
  final long[] identity = new long[CAPACITY];
  final long[] augmentSeed = new long[CAPACITY];
  private int size;

  /**
   * Adds a sample, while there is room.
   *
   * @param atPosition in the manifest, from 0
   * @param ofStratum its number
   * @param inShard its shard's number in the manifest
   * @param recordNumber its number in the shard, from 0
   * @param atOffset its first byte in the shard; -1 where records cannot be sought
   * @param bytes its length; without meaning where the offset is -1
   * @param inPass over the stratum's records, from 0
   * @param withIdentity an unsigned 64-bit number
   * @param seed at least 0; -1 without augmentation
   */
  public void add(
      long atPosition,
      int ofStratum,
      int inShard,
      int recordNumber,
      long atOffset,
      int bytes,
      int inPass,
      long withIdentity,
      long seed) {
    int i = size++;
    position[i] = atPosition;
    stratum[i] = ofStratum;
    shard[i] = inShard;
    record[i] = recordNumber;
    offset[i] = atOffset;
    length[i] = bytes;
    pass[i] = inPass;
    identity[i] = withIdentity;
    augmentSeed[i] = seed;
  }

  /** The position of the first of them. */
  public long firstPosition() {
    return position[0];
  }

  public int size() {
    return size;
  }

  public boolean isFull() {
    return size == CAPACITY;
  }

  /** Makes room. */
  public void clear() {
    size = 0;
  }
}
