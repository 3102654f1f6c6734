package dev.mixdown.transforms.stream;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * What is between two places of some slices.
   *
   * @param slices by stratum
   * @param from by stratum, how many rows come before
   * @param to by stratum, how many rows come before the end
   */
  public static List<List<Slice>> between(List<List<Slice>> slices, long[] from, long[] to) {
    List<List<Slice>> between = new ArrayList<>();
    for (int s = 0; s < slices.size(); s++) {
      List<Slice> its = new ArrayList<>();
      long begin = 0;
      for (Slice slice : slices.get(s)) {
        long first = Math.max(begin, from[s]);
        long end = Math.min(begin + slice.rows(), to[s]);
        if (first < end) {
          its.add(
              new Slice(
                  slice.order(),
                  slice.stratum(),
                  slice.from() + first - begin,
                  end - first,
                  slice.pass()));
        }
        begin += slice.rows();
      }
      between.add(its);
    }
    return between;
  }
}
