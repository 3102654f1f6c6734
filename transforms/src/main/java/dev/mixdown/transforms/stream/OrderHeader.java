package dev.mixdown.transforms.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.util.List;

/**
 * What the numbers in the rows of an order mean.
 *
 * @param strata by name, with how many rows each has; their rows follow one another
 * @param shards that rows name by number
 * @param groups that rows name by number
 */
public record OrderHeader(List<StratumRows> strata, List<Shard> shards, List<Group> groups) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The rows of a stratum. */
  public record StratumRows(String stratum, long rows) {}

  /** What the rows of parts call a record's dataset and category. */
  public record Group(String dataset, String category) {}

  byte[] bytes() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static OrderHeader read(byte[] bytes) throws IOException {
    return MAPPER.readValue(bytes, OrderHeader.class);
  }

  /** The header of an order's file. */
  public static OrderHeader of(Storage storage, String path) throws IOException {
    try (OrderReader reader = new OrderReader(storage, path)) {
      return reader.header();
    }
  }

  /** The first row of a stratum; behind the last one where it has none. */
  public long first(String stratum) {
    long first = 0;
    for (StratumRows rows : strata) {
      if (rows.stratum().equals(stratum)) {
        return first;
      }
      first += rows.rows();
    }
    return first;
  }

  /** How many rows a stratum has. */
  public long rows(String stratum) {
    return strata.stream()
        .filter(rows -> rows.stratum().equals(stratum))
        .mapToLong(StratumRows::rows)
        .sum();
  }
}
