package dev.mixdown.transforms;

import dev.mixdown.transforms.placing.BinEdges;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.Scatter;
import dev.mixdown.transforms.placing.ShardBatch;
import dev.mixdown.transforms.placing.ShardTask;
import java.io.IOException;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;

/** Sends every sample, packed with its neighbours, to the part or parts it may belong to. */
public final class ScatterSamples
    extends PTransform<PCollection<ShardBatch>, PCollection<KV<Integer, byte[]>>> {
  private final Layout layout;
  private final PCollectionView<Map<Integer, long[]>> histograms;

  /**
   * @param histograms by dataset number; without meaning for a layout in file order
   */
  public ScatterSamples(Layout layout, PCollectionView<Map<Integer, long[]>> histograms) {
    this.layout = layout;
    this.histograms = histograms;
  }

  @Override
  public PCollection<KV<Integer, byte[]>> expand(PCollection<ShardBatch> shards) {
    return shards
        .apply("Pack", ParDo.of(new PackFn(layout, histograms)).withSideInputs(histograms))
        .setCoder(KvCoder.of(VarIntCoder.of(), BlockCoder.of()));
  }

  private static final class PackFn extends DoFn<ShardBatch, KV<Integer, byte[]>> {
    private final Layout layout;
    private final PCollectionView<Map<Integer, long[]>> histograms;
    private transient @Nullable BinEdges edges;

    PackFn(Layout layout, PCollectionView<Map<Integer, long[]>> histograms) {
      this.layout = layout;
      this.histograms = histograms;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      for (ShardTask task : context.element().tasks()) {
        Scatter scatter =
            new Scatter(layout, task, (part, block) -> context.output(KV.of(part, block)));
        if (layout.shuffle()) {
          if (edges == null) {
            edges = new BinEdges(layout, context.sideInput(histograms));
          }
          scatter.byRank(edges);
        } else {
          scatter.byFileOrder();
        }
      }
    }
  }
}
