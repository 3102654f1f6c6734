package dev.mixdown.transforms.manifest;

import dev.mixdown.transforms.manifest.ParquetColumns.Names;
import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Binary;

/**
 * Encodes samples as pages of Parquet, straight from columns: no object, and no call, for each row.
 */
final class ParquetEncoder implements SampleEncoder {
  private final ColumnEncoder[] columns;
  private final Names datasets;
  private final Names categories;
  private final Names streamStrata;
  private final boolean[] replays;
  private final int[] numbers = new int[Samples.CAPACITY];

  /**
   * @param kinds of the rows
   */
  ParquetEncoder(RowKinds kinds) {
    columns =
        ParquetColumns.schema(kinds).getColumns().stream()
            .map(column -> new ColumnEncoder(column, ParquetColumns.codec(column)))
            .toArray(ColumnEncoder[]::new);
    datasets = Names.of(kinds.strata(), Stratum::dataset);
    categories = Names.of(kinds.strata(), Stratum::category);
    streamStrata = Names.of(kinds.ofStream(), RowKinds.OfStream::stratum);
    replays = new boolean[kinds.ofStream().size()];
    for (int k = 0; k < replays.length; k++) {
      replays[k] = kinds.ofStream().get(k).replay();
    }
  }

  @Override
  public byte[] encode(Samples samples) throws IOException {
    int n = samples.size();
    List<EncodedPage> pages = new ArrayList<>();
    pages.addAll(
        List.of(
            columns[0].rising(samples.position, n),
            names(columns[1], datasets, samples, n),
            names(columns[2], categories, samples, n),
            columns[3].numbers(samples.shard, n),
            columns[4].numbers(samples.record, n),
            columns[5].numbers(samples.offset, n),
            columns[6].numbers(samples.length, samples.offset, n),
            passes(columns[7], samples, n),
            columns[8].hashes(samples.identity, n),
            columns[9].numbers(samples.augmentSeed, n)));
    if (replays.length > 0) {
      pages.add(names(columns[10], streamStrata, samples, n));
      pages.add(columns[11].flags(replays, samples.stratum, n));
    }
    int most = 2 * Integer.BYTES + pages.stream().mapToInt(EncodedPage::most).sum();
    ByteBuffer out = ByteBuffer.allocate(most);
    out.putInt(n).putInt(mostPass(samples, n));
    pages.forEach(page -> page.write(out));
    // A few bytes at the end are not needed: a copy without them would cost more.
    return out.array();
  }

  /** The largest pass that a dictionary has to have; 0 where this page has none. */
  private static int mostPass(Samples samples, int n) {
    int max = 0;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, samples.pass[i]);
    }
    return max < ParquetColumns.MOST_PASSES ? max : 0;
  }

  private EncodedPage names(ColumnEncoder column, Names names, Samples samples, int n)
      throws IOException {
    boolean[] there = new boolean[names.names().size()];
    for (int i = 0; i < n; i++) {
      numbers[i] = names.ofStratum()[samples.stratum[i]];
      there[numbers[i]] = true;
    }
    Binary min = null;
    Binary max = null;
    for (int k = 0; k < there.length; k++) {
      Binary name = names.names().get(k);
      if (there[k]) {
        min = min == null || ParquetColumns.ORDER.compare(name, min) < 0 ? name : min;
        max = max == null || ParquetColumns.ORDER.compare(name, max) > 0 ? name : max;
      }
    }
    return column.entries(
        numbers,
        n,
        there.length - 1,
        min == null || max == null ? column.none() : column.range(min, max));
  }

  /** Passes are few, mostly: numbers up to the largest are their own dictionary. */
  private EncodedPage passes(ColumnEncoder column, Samples samples, int n) throws IOException {
    int min = Integer.MAX_VALUE;
    int max = 0;
    for (int i = 0; i < n; i++) {
      min = Math.min(min, samples.pass[i]);
      max = Math.max(max, samples.pass[i]);
    }
    return max < ParquetColumns.MOST_PASSES
        ? column.entries(samples.pass, n, max, column.range(min, max, 0))
        : column.numbers(samples.pass, n);
  }
}
