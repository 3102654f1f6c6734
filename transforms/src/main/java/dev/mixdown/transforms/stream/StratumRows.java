package dev.mixdown.transforms.stream;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.Samples;
import dev.mixdown.transforms.mixing.Ranking;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records that fill a stratum's seats, one after the other. */
final class StratumRows implements Closeable {
  private final Storage storage;
  private final String stratum;
  private final Iterator<Slice> slices;
  private final RowTable table;
  private final @Nullable Long augmentSeed;

  // Of the slice that is read.
  private @Nullable OrderReader reader;
  private int pass;
  private long row;
  private long end;
  private int[] shards = new int[0];
  private int[] kinds = new int[0];
  private Ranking[] augmentations = new Ranking[0];

  /**
   * @param augmentSeed the stream's seed where samples are augmented; else null
   */
  StratumRows(
      Storage storage,
      String stratum,
      List<Slice> slices,
      RowTable table,
      @Nullable Long augmentSeed) {
    this.storage = storage;
    this.stratum = stratum;
    this.slices = slices.iterator();
    this.table = table;
    this.augmentSeed = augmentSeed;
  }

  /** Adds the next record as the sample at a position. */
  void next(Samples samples, long position) throws IOException {
    OrderReader in = reader;
    while (in == null || row == end) {
      in = open(slices.next());
    }
    in.seek(row++);
    samples.add(
        position,
        kinds[in.group()],
        shards[in.shard()],
        in.record(),
        in.offset(),
        in.length(),
        pass,
        in.identity(),
        augmentSeed == null ? -1 : augmentations[in.group()].value(in.identity()) >>> 1);
  }

  private OrderReader open(Slice slice) throws IOException {
    close();
    OrderReader opened = new OrderReader(storage, slice.order());
    reader = opened;
    pass = slice.pass();
    row = opened.header().first(slice.stratum()) + slice.from();
    end = row + slice.rows();
    shards = table.shards(slice.order());
    kinds = table.kindsOf(opened.header(), stratum, slice.replay());
    Long seed = augmentSeed;
    if (seed != null) {
      augmentations =
          opened.header().groups().stream()
              .map(group -> Ranking.ofAugmentation(seed, 0, group.dataset(), pass))
              .toArray(Ranking[]::new);
    }
    return opened;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
