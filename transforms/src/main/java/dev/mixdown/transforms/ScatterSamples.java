package dev.mixdown.transforms;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.placing.BinEdges;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.Scatter;
import dev.mixdown.transforms.placing.ShardToPlace;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/** Sends every sample, packed with its neighbours, to the part or parts it may belong to. */
public final class ScatterSamples
    extends PTransform<PCollection<List<ShardToPlace>>, PCollection<KV<Integer, byte[]>>> {
  private final Storage storage;
  private final PCollectionView<Layout> layout;
  private final PCollectionView<BinEdges> edges;

  /**
   * @param storage of the run, where indexes lie
   */
  public ScatterSamples(
      Storage storage, PCollectionView<Layout> layout, PCollectionView<BinEdges> edges) {
    this.storage = storage;
    this.layout = layout;
    this.edges = edges;
  }

  @Override
  public PCollection<KV<Integer, byte[]>> expand(PCollection<List<ShardToPlace>> shards) {
    return shards
        .apply(
            "Pack",
            ParDo.of(new PackFn(storage))
                .withSideInput(PackFn.LAYOUT, layout)
                .withSideInput(PackFn.EDGES, edges))
        .setCoder(KvCoder.of(VarIntCoder.of(), BlockCoder.of()));
  }

  private static final class PackFn extends StorageFn<List<ShardToPlace>, KV<Integer, byte[]>> {
    private static final String LAYOUT = "layout";
    private static final String EDGES = "edges";

    private final Counter bytesSent = StepMetrics.counter("bytes_sent");

    PackFn(Storage storage) {
      super(storage);
    }

    @ProcessElement
    public void process(
        @Element List<ShardToPlace> batch,
        @SideInput(LAYOUT) Layout layout,
        @SideInput(EDGES) BinEdges edges,
        OutputReceiver<KV<Integer, byte[]>> blocks)
        throws IOException {
      for (ShardToPlace shard : batch) {
        Scatter scatter =
            new Scatter(
                storage,
                layout,
                shard,
                (part, block) -> {
                  blocks.output(KV.of(part, block));
                  bytesSent.inc(block.length);
                });
        if (layout.shuffle()) {
          scatter.byRank(edges);
        } else {
          scatter.byFileOrder();
        }
      }
    }
  }
}
