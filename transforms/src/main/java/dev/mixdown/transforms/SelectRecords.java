package dev.mixdown.transforms;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.selection.Codes;
import dev.mixdown.transforms.selection.IndexSelection;
import dev.mixdown.transforms.selection.RangeSelection;
import dev.mixdown.transforms.selection.SelectedShard;
import dev.mixdown.transforms.selection.Selecting;
import java.io.IOException;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Selects the records of a stage: looks at them in ranges of their identities, each range by
 * itself, brings together what was decided of each shard, and writes the index of its selected
 * records. A shard with nothing to tell keeps its index, and does not come out.
 */
public final class SelectRecords
    extends PTransform<PCollection<Integer>, PCollection<SelectedShard>> {
  private final Storage storage;
  private final Selecting selecting;

  /**
   * @param storage of the run
   * @param selecting what decides
   */
  public SelectRecords(Storage storage, Selecting selecting) {
    this.storage = storage;
    this.selecting = selecting;
  }

  @Override
  public PCollection<SelectedShard> expand(PCollection<Integer> ranges) {
    return ranges
        .apply("Look at ranges", ParDo.of(new RangeFn(storage, selecting)))
        .setCoder(KvCoder.of(VarIntCoder.of(), BlockCoder.of()))
        .apply("By shard", GroupByKey.create())
        .apply("Write indexes", ParDo.of(new IndexFn(storage, selecting)))
        .setCoder(SerializableCoder.of(SelectedShard.class));
  }

  private static final class RangeFn extends StorageFn<Integer, KV<Integer, byte[]>> {
    private final Selecting selecting;

    RangeFn(Storage storage, Selecting selecting) {
      super(storage);
      this.selecting = selecting;
    }

    @ProcessElement
    public void process(@Element Integer range, OutputReceiver<KV<Integer, byte[]>> codes)
        throws IOException {
      for (Map.Entry<Integer, Codes> shard :
          RangeSelection.select(storage, selecting, range).entrySet()) {
        codes.output(KV.of(shard.getKey(), shard.getValue().pack()));
      }
    }
  }

  private static final class IndexFn
      extends StorageFn<KV<Integer, Iterable<byte[]>>, SelectedShard> {
    private final Selecting selecting;

    IndexFn(Storage storage, Selecting selecting) {
      super(storage);
      this.selecting = selecting;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<byte[]>> codes, OutputReceiver<SelectedShard> selected)
        throws IOException {
      selected.output(
          IndexSelection.write(storage, selecting.shards().get(codes.getKey()), codes.getValue()));
    }
  }
}
