package dev.mixdown.pipelines.inspect;

import dev.mixdown.transforms.InspectShards;
import dev.mixdown.transforms.ShardQueue;
import dev.mixdown.transforms.bytes.ReadProgress;
import dev.mixdown.transforms.shards.BadShard;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.util.List;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

/**
 * Reads shards in parallel. Its elements are shards; what it finds goes to the ledger and the index
 * of the workspace, what is wrong with them to the run's folder.
 */
final class InspectPipeline extends PTransform<PBegin, PDone> {
  private final List<List<MatchedShard>> pieces;
  private final Workspace workspace;
  private final ReadProgress progress;
  private final Results<BadShard> results;

  /**
   * @param pieces shards that are handed out together, in the order of the runner
   * @param progress where workers count what they read
   * @param results takes the bad shards
   */
  InspectPipeline(
      List<List<MatchedShard>> pieces,
      Workspace workspace,
      ReadProgress progress,
      Results<BadShard> results) {
    this.progress = progress;
    this.pieces = pieces;
    this.workspace = workspace;
    this.results = results;
  }

  @Override
  public PDone expand(PBegin begin) {
    return begin
        .apply("Shards", Read.from(new ShardQueue(pieces)))
        .apply("Inspect", new InspectShards(workspace, progress))
        .get(InspectShards.BAD)
        .apply("Bad shards", results.write(BadShard::key));
  }
}
