package dev.mixdown.transforms;

import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.ShardInspector;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Reads shards, one an element, and tells what each has, or what is wrong with it: a bad shard is a
 * result, not an error. What it finds is also noted in the workspace's ledger at once, so that a
 * run that is killed has not read in vain.
 */
public final class InspectShards extends PTransform<PBegin, PCollection<ShardOutcome>> {
  private final List<ShardToInspect> shards;
  private final boolean lastFirst;
  private final String workspace;

  /**
   * @param lastFirst whether the runner begins with a source's last piece
   * @param workspace where indexes and the ledger are kept; every worker has to reach it
   */
  public InspectShards(List<ShardToInspect> shards, boolean lastFirst, String workspace) {
    this.shards = shards;
    this.lastFirst = lastFirst;
    this.workspace = workspace;
  }

  @Override
  public PCollection<ShardOutcome> expand(PBegin begin) {
    return begin
        .apply("Shards", Read.from(new ShardQueue(shards, lastFirst)))
        .apply("Inspect", ParDo.of(new InspectFn(workspace)))
        .setCoder(SerializableCoder.of(ShardOutcome.class));
  }

  private static final class InspectFn extends DoFn<ShardToInspect, ShardOutcome> {
    private final String workspace;

    InspectFn(String workspace) {
      this.workspace = workspace;
    }

    @ProcessElement
    public void process(@Element ShardToInspect shard, OutputReceiver<ShardOutcome> outcomes)
        throws IOException {
      long begin = System.currentTimeMillis();
      try {
        Inspection inspection = new ShardInspector(workspace).inspect(shard.file(), shard.spec());
        Ledger.note(workspace, shard.file(), shard.spec(), begin, inspection);
        outcomes.output(outcome(shard, inspection, List.of()));
      } catch (BadShardException e) {
        outcomes.output(outcome(shard, null, e.problems()));
      }
    }

    private static ShardOutcome outcome(
        ShardToInspect shard, @Nullable Inspection inspection, List<DataProblem> problems) {
      return new ShardOutcome(
          shard.file().path(), shard.spec().digest(), inspection, List.copyOf(problems));
    }
  }
}
