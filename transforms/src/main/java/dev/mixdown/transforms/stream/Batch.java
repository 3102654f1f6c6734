package dev.mixdown.transforms.stream;

import java.io.Serializable;

/**
 * Records of one stratum that came in together. They are given in the order of a file, from its
 * first row on; what is struck later is left out of a new file.
 *
 * @param seq the increment that they came in with
 * @param total how many came in
 * @param file the increment in whose folder their order lies
 * @param rows that the order has of the stratum
 * @param skip how many of these are done with: given, or struck
 * @param oldestMillis when the oldest of their files had last changed
 */
public record Batch(long seq, long total, long file, long rows, long skip, long oldestMillis)
    implements Serializable {
  /** How many wait. */
  public long waiting() {
    return rows - skip;
  }

  /** The same with some more done. */
  Batch without(long records) {
    return new Batch(seq, total, file, rows, skip + records, oldestMillis);
  }

  /** The same with an order that was written anew. */
  Batch movedTo(long increment, long records) {
    return new Batch(seq, total, increment, records, 0, oldestMillis);
  }
}
