package dev.mixdown.pipelines.place;

import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.transforms.CountRanks;
import dev.mixdown.transforms.GatherParts;
import dev.mixdown.transforms.ScatterSamples;
import dev.mixdown.transforms.WriteResults;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.ShardBatch;
import dev.mixdown.transforms.placing.ShardTask;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Places every record and writes the parts.
 *
 * <p>The elements are batches of shards, of which it reads the indexes only. First each counts its
 * rank values in bins; the sums tell everyone the exact rank at which every bin begins. Then each
 * sends its samples, packed, to the parts that their bins lie over. Last, each part sorts what it
 * was sent, drops what is its neighbour's, deals the rest into blocks and writes them.
 */
public final class PlacePipeline {
  private PlacePipeline() {}

  public static void run(
      Pipeline pipeline,
      int batches,
      Layout layout,
      List<ShardTask> shards,
      ManifestFormat format,
      String folder,
      String results) {
    PCollection<ShardBatch> tasks =
        pipeline
            .apply(
                "Shards",
                Create.of(ShardBatch.of(shards, batches))
                    .withCoder(SerializableCoder.of(ShardBatch.class)))
            .apply("Spread", Reshuffle.viaRandomKey());
    PCollectionView<Map<Integer, long[]>> histograms =
        tasks.apply("Histogram", new CountRanks(layout)).apply("To all", View.asMap());
    tasks
        .apply("Scatter", new ScatterSamples(layout, histograms))
        .apply("Gather", new GatherParts(layout, histograms, format, folder))
        .apply("Parts", new WriteResults<>(results));
    RunnerSettings.run(pipeline);
  }
}
