package dev.mixdown.pipelines.place;

import dev.mixdown.pipelines.inspect.Results;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.CountRanks;
import dev.mixdown.transforms.FindEdges;
import dev.mixdown.transforms.GatherParts;
import dev.mixdown.transforms.ScatterSamples;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.placing.BinEdges;
import dev.mixdown.transforms.placing.Layout;
import dev.mixdown.transforms.placing.ShardToPlace;
import dev.mixdown.transforms.uses.WrittenPart;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PDone;

/**
 * Places every record and writes the parts.
 *
 * <p>The elements are batches of shards, of which it reads the indexes only. First each counts its
 * rank values in bins; the sums tell everyone the exact rank at which every bin begins. Then each
 * sends its samples, packed, to the slices of parts that their bins lie over. Last, each slice
 * sorts what it was sent, drops what is its neighbour's, and deals the rest into blocks. The
 * layout, which all of them need, travels once.
 */
public final class PlacePipeline extends PTransform<PBegin, PDone> {
  private final Layout layout;
  private final List<List<ShardToPlace>> batches;
  private final ManifestFormat format;
  private final Storage storage;
  private final String folder;
  private final Results<WrittenPart> results;

  /**
   * @param storage of the run
   * @param folder the manifest's
   * @param results takes the parts that were written
   */
  public PlacePipeline(
      Layout layout,
      List<List<ShardToPlace>> batches,
      ManifestFormat format,
      Storage storage,
      String folder,
      Results<WrittenPart> results) {
    this.storage = storage;
    this.layout = layout;
    this.batches = batches;
    this.format = format;
    this.folder = folder;
    this.results = results;
  }

  @Override
  public PDone expand(PBegin begin) {
    PCollectionView<Layout> toAll =
        begin
            .apply("Layout", Create.of(layout).withCoder(SerializableCoder.of(Layout.class)))
            .apply("Layout to all", View.asSingleton());
    PCollection<List<ShardToPlace>> shards =
        begin
            .apply(
                "Shards",
                Create.of(batches)
                    .withCoder(ListCoder.of(SerializableCoder.of(ShardToPlace.class))))
            .apply("Spread", Reshuffle.viaRandomKey());
    PCollectionView<BinEdges> edges =
        shards
            .apply("Count ranks", new CountRanks(storage, toAll))
            .apply("Find edges", new FindEdges(toAll));
    return shards
        .apply("Scatter", new ScatterSamples(storage, toAll, edges))
        .apply("Gather", new GatherParts(toAll, edges, layout.isSliced(), format, storage, folder))
        .apply("Parts", results.write(written -> written.part().path()));
  }
}
