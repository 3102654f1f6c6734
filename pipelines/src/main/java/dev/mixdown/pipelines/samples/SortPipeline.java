package dev.mixdown.pipelines.samples;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.ForEach;
import dev.mixdown.transforms.selection.SortedIdentities;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

/** Sorts the records of shards by identity, each shard by itself. */
final class SortPipeline extends PTransform<PBegin, PDone> {
  private final Storage storage;
  private final List<Shard> shards;

  /**
   * A shard to sort.
   *
   * @param files where its sorted records go
   */
  record Shard(String index, List<String> files) implements Serializable {}

  SortPipeline(Storage storage, List<Shard> shards) {
    this.storage = storage;
    this.shards = shards;
  }

  @Override
  public PDone expand(PBegin begin) {
    begin
        .apply("Shards", Create.of(shards).withCoder(SerializableCoder.of(Shard.class)))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Sort", new ForEach<>(storage, String.class, SortPipeline::sort));
    return PDone.in(begin.getPipeline());
  }

  private static String sort(Storage storage, Shard shard) throws java.io.IOException {
    SortedIdentities.write(storage, shard.index(), shard.files());
    return shard.index();
  }
}
