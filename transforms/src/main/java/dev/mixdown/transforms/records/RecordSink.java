package dev.mixdown.transforms.records;

import dev.mixdown.transforms.bytes.BadShardException;
import java.io.IOException;

/** Takes the records of a text shard, one after another, from the reader of its format. */
public interface RecordSink {
  /** How many records came so far, taken or not: the number of the next one. */
  long next();

  /**
   * Takes a record.
   *
   * @param offset of its first byte
   */
  void text(long offset, byte[] b, int from, int to, FieldValues fields)
      throws IOException, BadShardException;

  /**
   * Takes a bad record.
   *
   * @param offset of its first byte; -1 where that is not known
   * @param reason what is wrong, in words that are the same for all that have it
   * @param where in the record, in words
   */
  void reject(long offset, byte[] b, int from, int to, String reason, String where)
      throws IOException, BadShardException;

  /** The same, without a place. */
  default void reject(long offset, byte[] b, int from, int to, String reason)
      throws IOException, BadShardException {
    reject(offset, b, from, to, reason, "");
  }

  /** What to throw where the shard cannot be read at all. */
  BadShardException bad(String message);
}
