package dev.mixdown.transforms.manifest;

import java.io.Closeable;
import java.io.IOException;

/** Writes the rows of one part, in order. */
public interface PartWriter extends Closeable {
  /**
   * Writes a sample.
   *
   * @param position in the manifest, from 0
   * @param stratum its number
   * @param shard its number in the manifest
   * @param record its number in the shard, from 0
   * @param offset its first byte in the shard; -1 where records cannot be sought
   * @param length its bytes; without meaning where the offset is -1
   * @param pass over the stratum's records, from 0
   * @param identity an unsigned 64-bit number
   * @param augmentSeed at least 0; -1 without augmentation
   */
  void row(
      long position,
      int stratum,
      int shard,
      int record,
      long offset,
      int length,
      int pass,
      long identity,
      long augmentSeed)
      throws IOException;
}
