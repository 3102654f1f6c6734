package dev.mixdown.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.ReadProgress;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.BadShard;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InspectShardsTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  private ReadProgress progress;

  @BeforeEach
  void begin() throws IOException {
    progress = ReadProgress.begin();
  }

  @AfterEach
  void end() throws IOException {
    progress.close();
  }

  private MatchedShard shard(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    InspectionSpec spec =
        InspectionSpec.of(
            ShardFormat.named(name, Optional.empty()).format().orElseThrow(), true, false);
    return new MatchedShard("d", STORAGE.stat(file.toString()).orElseThrow(), spec);
  }

  private Workspace workspace() {
    return new Workspace(STORAGE, folder.resolve("workspace").toString());
  }

  private PCollectionTuple inspect(Pipeline pipeline, List<MatchedShard> shards) {
    return pipeline
        .apply(Create.of(shards).withCoder(SerializableCoder.of(MatchedShard.class)))
        .apply(new InspectShards(workspace(), progress));
  }

  @Test
  void a_good_shard_is_inspected_and_is_in_the_ledger() throws Exception {
    MatchedShard shard = shard("good.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    Pipeline pipeline = Pipeline.create();
    PCollectionTuple outcomes = inspect(pipeline, List.of(shard));
    PAssert.that(
            outcomes
                .get(InspectShards.INSPECTED)
                .apply(
                    MapElements.into(TypeDescriptors.longs())
                        .via((InspectedShard s) -> s.inspection().records())))
        .containsInAnyOrder(2L);
    PAssert.that(outcomes.get(InspectShards.BAD)).empty();
    pipeline.run().waitUntilFinish();
    assertThat(
        Ledger.open(workspace()).justInspected(shard.file(), shard.spec()).orElseThrow().records(),
        is(2L));
  }

  @Test
  void what_is_read_is_counted_for_its_own_run() throws Exception {
    List<MatchedShard> shards = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < 9; i++) {
      shards.add(shard("shard" + i + ".jsonl", "{\"a\":1}\n".repeat(1000 + i)));
      bytes += shards.get(i).file().bytes();
    }
    try (ReadProgress other = ReadProgress.begin()) {
      Pipeline pipeline = Pipeline.create();
      PCollectionTuple unused = inspect(pipeline, shards);
      pipeline.run().waitUntilFinish();
      assertThat(progress.sum(), is(new ReadProgress.Sum(bytes, 9)));
      assertThat(other.sum(), is(new ReadProgress.Sum(0, 0)));
    }
  }

  @Test
  void a_bad_shard_is_told_with_all_its_problems_and_the_others_are_inspected() throws Exception {
    List<MatchedShard> shards = new ArrayList<>();
    shards.add(shard("good.jsonl", "{\"a\":1}\n"));
    shards.add(shard("bad.jsonl", "{\"a\":1}\nno json\n"));
    String key = shards.get(1).key();
    Pipeline pipeline = Pipeline.create();
    PCollectionTuple outcomes = inspect(pipeline, shards);
    PAssert.thatSingleton(outcomes.get(InspectShards.BAD))
        .satisfies(
            bad -> {
              assertThat(bad.key(), is(key));
              assertThat(bad.problems().get(0).toString(), containsString("record 1 at byte 8"));
              return null;
            });
    PAssert.that(
            outcomes
                .get(InspectShards.INSPECTED)
                .apply(
                    MapElements.into(TypeDescriptors.strings())
                        .via((InspectedShard s) -> StoragePath.name(s.file().path()))))
        .containsInAnyOrder("good.jsonl");
    pipeline.run().waitUntilFinish();
    assertThat(
        Ledger.open(workspace())
            .justInspected(shards.get(1).file(), shards.get(1).spec())
            .isPresent(),
        is(false));
  }

  @Test
  void nothing_comes_of_nothing() throws Exception {
    Pipeline pipeline = Pipeline.create();
    PCollectionTuple outcomes = inspect(pipeline, List.of());
    PAssert.that(outcomes.get(InspectShards.INSPECTED)).empty();
    PAssert.<BadShard>that(outcomes.get(InspectShards.BAD)).empty();
    pipeline.run().waitUntilFinish();
  }
}
