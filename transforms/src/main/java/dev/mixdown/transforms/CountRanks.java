package dev.mixdown.transforms;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.RankHistogram;
import dev.mixdown.transforms.placing.ShardToPlace;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Counts the rank values of every dataset's records in bins: by dataset number, the counts. A
 * layout in file order has no rank values: there are no bins.
 *
 * <p>There is an element for every dataset in any case. As long as a side input has none, the
 * direct runner learns of its being empty beside its other work, and may by then have given up
 * looking: the pipeline stands still (Beam 2.70, {@code QuiescenceDriver}).
 */
public final class CountRanks
    extends PTransform<PCollection<List<ShardToPlace>>, PCollection<KV<Integer, long[]>>> {
  private final Storage storage;
  private final PCollectionView<Layout> layout;

  /**
   * @param storage of the run, where indexes lie
   */
  public CountRanks(Storage storage, PCollectionView<Layout> layout) {
    this.storage = storage;
    this.layout = layout;
  }

  @Override
  public PCollection<KV<Integer, long[]>> expand(PCollection<List<ShardToPlace>> shards) {
    return shards
        .apply("Count", ParDo.of(new CountFn(storage)).withSideInput(CountFn.LAYOUT, layout))
        .setCoder(KvCoder.of(VarIntCoder.of(), LongArrayCoder.of()))
        .apply("Sum", Combine.perKey(new Sum()));
  }

  private static final class CountFn extends StorageFn<List<ShardToPlace>, KV<Integer, long[]>> {
    private static final String LAYOUT = "layout";

    CountFn(Storage storage) {
      super(storage);
    }

    @ProcessElement
    public void process(
        @Element List<ShardToPlace> batch,
        @SideInput(LAYOUT) Layout layout,
        OutputReceiver<KV<Integer, long[]>> counts)
        throws IOException {
      for (ShardToPlace shard : batch) {
        long[] bins = layout.shuffle() ? RankHistogram.of(storage, layout, shard) : new long[0];
        counts.output(KV.of(shard.dataset(), bins));
      }
    }
  }

  /** Adds arrays of equal length, place by place. */
  static final class Sum extends Combine.CombineFn<long[], long[], long[]> {
    @Override
    public long[] createAccumulator() {
      return new long[0];
    }

    @Override
    public long[] addInput(long[] sum, long[] counts) {
      if (sum.length == 0) {
        // A copy: neither inputs nor accumulators of others may change.
        return counts.clone();
      }
      for (int i = 0; i < counts.length; i++) {
        sum[i] += counts[i];
      }
      return sum;
    }

    @Override
    public long[] mergeAccumulators(Iterable<long[]> sums) {
      long[] merged = createAccumulator();
      for (long[] sum : sums) {
        merged = addInput(merged, sum);
      }
      return merged;
    }

    @Override
    public long[] extractOutput(long[] sum) {
      return sum;
    }

    @Override
    public Coder<long[]> getAccumulatorCoder(CoderRegistry registry, Coder<long[]> input) {
      return LongArrayCoder.of();
    }

    @Override
    public Coder<long[]> getDefaultOutputCoder(CoderRegistry registry, Coder<long[]> input) {
      return LongArrayCoder.of();
    }
  }
}
