package dev.mixdown.transforms.stream;

import java.io.Serializable;

/**
 * Rows of an order that follow one another, and that fill a stratum's seats one after the other.
 *
 * @param order where the order lies
 * @param stratum as the order calls it
 * @param from the first of the stratum's rows, from 0
 * @param rows how many
 * @param pass how often their records were given before, about: 0 for records that are new
 */
public record Slice(String order, String stratum, long from, long rows, int pass)
    implements Serializable {
  /** Whether its records were given before. */
  public boolean replay() {
    return pass > 0;
  }
}
