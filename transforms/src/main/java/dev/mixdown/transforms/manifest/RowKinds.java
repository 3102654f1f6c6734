package dev.mixdown.transforms.manifest;

import dev.mixdown.transforms.mixing.Stratum;
import java.util.List;

/**
 * The kinds of rows that a part has: what {@link Samples} call a row's stratum is its number here.
 *
 * @param strata whose dataset and category the rows name, by kind
 * @param ofStream for a part of a stream: what its own columns say, by kind; empty for a manifest
 */
public record RowKinds(List<Stratum> strata, List<OfStream> ofStream) {
  /**
   * What a row of a stream says beside.
   *
   * @param stratum the stratum whose seat it has
   * @param replay whether the record was given before
   */
  public record OfStream(String stratum, boolean replay) {}

  /** The kinds of a manifest's rows: its strata. */
  public static RowKinds of(List<Stratum> strata) {
    return new RowKinds(strata, List.of());
  }

  /** Whether rows have the columns of a stream. */
  boolean stream() {
    return !ofStream.isEmpty();
  }
}
