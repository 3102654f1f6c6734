package dev.mixdown.transforms.stream;

import dev.mixdown.registry.streams.Increment;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Draft;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.manifest.PartWriter;
import dev.mixdown.transforms.manifest.SampleEncoder;
import dev.mixdown.transforms.manifest.Samples;
import dev.mixdown.transforms.ordering.BlockOrder;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of an increment that is to be written: which blocks it has, and where the records lie that
 * fill their seats. Whoever writes it reads these records' rows and nothing else.
 *
 * @param stream the stream's folder
 * @param path of the part, seen from there
 * @param firstPosition of its first row
 * @param seed of the stream
 * @param block positions of a block
 * @param strata by name
 * @param blocks by block, by stratum: how many seats it has
 * @param slices by stratum: what fills its seats
 */
public record PartToWrite(
    String stream,
    String path,
    long firstPosition,
    ManifestFormat format,
    long seed,
    int block,
    boolean shuffle,
    boolean augment,
    List<String> strata,
    List<int[]> blocks,
    List<List<Slice>> slices,
    RowTable table)
    implements Serializable {
  /** How many rows it has. */
  public long rows() {
    return (long) blocks.size() * block;
  }

  /** Writes it. Two who do so write the same bytes. */
  public Increment.Part write(Storage storage) throws IOException {
    String file = StoragePath.resolve(stream, path);
    try (Draft draft = storage.draft(StoragePath.folder(file))) {
      DigestedStream digested = new DigestedStream(draft, Digests.sha256());
      List<StratumRows> rows = new ArrayList<>();
      try (PartWriter writer = format.open(digested, table.rowKinds())) {
        for (int s = 0; s < strata.size(); s++) {
          rows.add(
              new StratumRows(storage, strata.get(s), slices.get(s), table, augment ? seed : null));
        }
        deal(rows, writer);
      } finally {
        for (StratumRows its : rows) {
          its.close();
        }
      }
      draft.publish(file);
      return new Increment.Part(path, firstPosition, rows(), digested.bytes(), digested.sha256());
    }
  }

  private void deal(List<StratumRows> rows, PartWriter writer) throws IOException {
    SampleEncoder encoder = format.encoder(table.rowKinds());
    BlockOrder order = new BlockOrder(seed, 0, shuffle);
    int[] seats = new int[block];
    Samples samples = new Samples();
    for (int b = 0; b < blocks.size(); b++) {
      long begin = firstPosition + (long) b * block;
      int length = order.fill(begin / block, blocks.get(b), seats);
      for (int i = 0; i < length; i++) {
        rows.get(seats[i]).next(samples, begin + i);
        if (samples.isFull()) {
          writer.write(encoder.encode(samples));
          samples.clear();
        }
      }
    }
    if (samples.size() > 0) {
      writer.write(encoder.encode(samples));
    }
  }
}
