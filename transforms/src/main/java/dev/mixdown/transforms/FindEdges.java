package dev.mixdown.transforms;

import dev.mixdown.transforms.placing.BinEdges;
import dev.mixdown.transforms.placing.Layout;
import java.util.Map;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Finds, once for all workers, the exact rank at which every bin begins: the running sums of the
 * counts.
 */
public final class FindEdges
    extends PTransform<PCollection<KV<Integer, long[]>>, PCollectionView<BinEdges>> {
  private final PCollectionView<Layout> layout;

  public FindEdges(PCollectionView<Layout> layout) {
    this.layout = layout;
  }

  @Override
  public PCollectionView<BinEdges> expand(PCollection<KV<Integer, long[]>> histograms) {
    PCollectionView<Map<Integer, long[]>> counts = histograms.apply("Counts", View.asMap());
    return histograms
        .getPipeline()
        .apply("Once", Impulse.create())
        .apply(
            "Add up",
            ParDo.of(new EdgesFn())
                .withSideInput(EdgesFn.LAYOUT, layout)
                .withSideInput(EdgesFn.COUNTS, counts))
        .setCoder(SerializableCoder.of(BinEdges.class))
        .apply("To all", View.asSingleton());
  }

  private static final class EdgesFn extends DoFn<byte[], BinEdges> {
    private static final String LAYOUT = "layout";
    private static final String COUNTS = "counts";

    @ProcessElement
    public void process(
        @SideInput(LAYOUT) Layout layout,
        @SideInput(COUNTS) Map<Integer, long[]> counts,
        OutputReceiver<BinEdges> edges) {
      edges.output(layout.shuffle() ? BinEdges.of(layout, counts) : BinEdges.NONE);
    }
  }
}
