package dev.mixdown.transforms.bytes;

import java.io.Serializable;

/**
 * Something wrong with data.
 *
 * @param path the shard
 * @param record the record's number, from 0; -1 for the shard as a whole
 * @param offset the record's first byte, in the data after decompression; -1 where it is unknown
 * @param message what is wrong, and what to do
 * @param more how many more records of the shard are bad in the same way
 */
public record DataProblem(String path, long record, long offset, String message, long more)
    implements Serializable {
  /** A problem with one record, or with the shard as a whole. */
  public DataProblem(String path, long record, long offset, String message) {
    this(path, record, offset, message, 0);
  }

  /** A problem with a shard, or a whole path. */
  public static DataProblem of(String path, String message) {
    return new DataProblem(path, -1, -1, message);
  }

  @Override
  public String toString() {
    return path
        + (record < 0 ? "" : ": record " + record)
        + (offset < 0 ? "" : " at byte " + offset)
        + ": "
        + message;
  }
}
