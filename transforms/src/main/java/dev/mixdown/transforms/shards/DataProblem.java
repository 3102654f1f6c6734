package dev.mixdown.transforms.shards;

import java.io.Serializable;

/**
 * Something wrong with data.
 *
 * @param path the shard
 * @param record the record's number, from 0; -1 for the shard as a whole
 * @param offset the record's first byte, in the data after decompression; -1 where it is unknown
 * @param message what is wrong, and what to do
 */
public record DataProblem(String path, long record, long offset, String message)
    implements Serializable {
  @Override
  public String toString() {
    return path
        + (record < 0 ? "" : ": record " + record)
        + (offset < 0 ? "" : " at byte " + offset)
        + ": "
        + message;
  }
}
