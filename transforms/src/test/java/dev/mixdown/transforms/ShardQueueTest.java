package dev.mixdown.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

class ShardQueueTest {
  private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();

  private static MatchedShard shard(String path, long bytes) {
    InspectionSpec spec =
        InspectionSpec.of(
            ShardFormat.named("x.jsonl", Optional.empty()).format().orElseThrow(), false, false);
    return new MatchedShard("d", new FileInfo(path, bytes, 0, 0, "tag"), spec);
  }

  private static List<MatchedShard> read(BoundedSource<MatchedShard> source) throws IOException {
    List<MatchedShard> read = new ArrayList<>();
    try (BoundedSource.BoundedReader<MatchedShard> reader = source.createReader(OPTIONS)) {
      for (boolean more = reader.start(); more; more = reader.advance()) {
        read.add(reader.getCurrent());
      }
    }
    return read;
  }

  @Test
  void one_huge_shard_is_the_first_to_be_handed_out_and_the_rest_comes_in_small_pieces()
      throws Exception {
    List<MatchedShard> shards = new ArrayList<>();
    shards.add(shard("huge", 2L << 30));
    for (int i = 0; i < 1_000; i++) {
      shards.add(shard("small" + i, 1 << 20));
    }
    Collections.shuffle(shards, new Random(1));
    List<List<MatchedShard>> pieces = ShardQueue.pieces(shards, 4);
    assertThat(pieces.get(0).size(), is(1));
    assertThat(pieces.get(0).get(0).file().path(), is("huge"));
    // Enough for three others to share evenly.
    assertThat(pieces.size(), greaterThan(24));
    for (List<MatchedShard> piece : pieces.subList(1, pieces.size())) {
      assertThat(piece.size(), lessThanOrEqualTo(40));
    }
  }

  @Test
  void every_shard_is_handed_out_once() throws Exception {
    Random random = new Random(2);
    for (int round = 0; round < 100; round++) {
      List<MatchedShard> shards = new ArrayList<>();
      int n = random.nextInt(50);
      for (int i = 0; i < n; i++) {
        shards.add(shard("s" + i, random.nextInt(1 << (1 + random.nextInt(30)))));
      }
      List<List<MatchedShard>> pieces = ShardQueue.pieces(shards, 1 + random.nextInt(20));
      ShardQueue queue = new ShardQueue(pieces);
      List<MatchedShard> handedOut = new ArrayList<>();
      for (BoundedSource<MatchedShard> piece : queue.split(1, OPTIONS)) {
        handedOut.addAll(read(piece));
      }
      assertThat(handedOut, containsInAnyOrder(shards.toArray()));
      assertThat(handedOut, is(pieces.stream().flatMap(List::stream).toList()));
      assertThat(read(queue), is(handedOut));
    }
  }
}
