package dev.mixdown.pipelines.samples;

import dev.mixdown.pipelines.inspect.Results;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.SelectRecords;
import dev.mixdown.transforms.selection.SelectedShard;
import dev.mixdown.transforms.selection.Selecting;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

/** Selects the records of a stage; the elements are ranges of identities. */
final class SelectPipeline extends PTransform<PBegin, PDone> {
  private final Storage storage;
  private final Selecting selecting;
  private final Results<SelectedShard> results;

  SelectPipeline(Storage storage, Selecting selecting, Results<SelectedShard> results) {
    this.storage = storage;
    this.selecting = selecting;
    this.results = results;
  }

  @Override
  public PDone expand(PBegin begin) {
    return begin
        .apply(
            "Ranges",
            Create.of(Selecting.ranges(selecting.rangeBits())).withCoder(VarIntCoder.of()))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Select", new SelectRecords(storage, selecting))
        .apply("Selected", results.write(SelectedShard::index));
  }
}
