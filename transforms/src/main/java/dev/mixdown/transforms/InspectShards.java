package dev.mixdown.transforms;

import dev.mixdown.transforms.shards.BadShardException;
import dev.mixdown.transforms.shards.DataProblem;
import dev.mixdown.transforms.shards.Inspection;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.ShardInspector;
import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads shards, one an element, and notes in the workspace's ledger what each has. The output is
 * what is wrong with those that cannot be used: a bad shard is a result, not an error.
 */
public final class InspectShards
    extends PTransform<PCollection<ShardToInspect>, PCollection<DataProblem>> {
  private final String workspace;

  /**
   * @param workspace where indexes and the ledger are kept; every worker has to reach it
   */
  public InspectShards(String workspace) {
    this.workspace = workspace;
  }

  @Override
  public PCollection<DataProblem> expand(PCollection<ShardToInspect> shards) {
    return shards
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Inspect", ParDo.of(new InspectFn(workspace)))
        .setCoder(SerializableCoder.of(DataProblem.class));
  }

  private static final class InspectFn extends DoFn<ShardToInspect, DataProblem> {
    private final String workspace;

    InspectFn(String workspace) {
      this.workspace = workspace;
    }

    @ProcessElement
    public void process(@Element ShardToInspect shard, OutputReceiver<DataProblem> problems)
        throws IOException {
      long begin = System.currentTimeMillis();
      try {
        Inspection inspection = new ShardInspector(workspace).inspect(shard.file(), shard.spec());
        Ledger.note(workspace, shard.file(), shard.spec(), begin, inspection);
      } catch (BadShardException e) {
        e.problems().forEach(problems::output);
      }
    }
  }
}
