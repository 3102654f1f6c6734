package dev.mixdown.transforms;

import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.ReadProgress;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.shards.BadShard;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Reads shards, one an element, and says what each has ({@link #INSPECTED}), or what is wrong with
 * it ({@link #BAD}): a bad shard is a result, not an error. What it finds is written into the
 * workspace's ledger at once, so that a run that is killed has not read in vain.
 */
public final class InspectShards extends PTransform<PCollection<MatchedShard>, PCollectionTuple> {
  /** The shards that can be used. */
  public static final TupleTag<InspectedShard> INSPECTED = new TupleTag<>("inspected") {};

  /** The others. */
  public static final TupleTag<BadShard> BAD = new TupleTag<>("bad") {};

  private final Workspace workspace;
  private final ReadProgress progress;

  /**
   * @param workspace where indexes and the ledger are kept
   * @param progress where workers count what they read
   */
  public InspectShards(Workspace workspace, ReadProgress progress) {
    this.progress = progress;
    this.workspace = workspace;
  }

  @Override
  public PCollectionTuple expand(PCollection<MatchedShard> shards) {
    PCollectionTuple outcomes =
        shards.apply(
            "Read",
            ParDo.of(new InspectFn(workspace, progress))
                .withOutputTags(INSPECTED, TupleTagList.of(BAD)));
    outcomes.get(INSPECTED).setCoder(SerializableCoder.of(InspectedShard.class));
    outcomes.get(BAD).setCoder(SerializableCoder.of(BadShard.class));
    return outcomes;
  }

  private static final class InspectFn extends StorageFn<MatchedShard, InspectedShard> {
    private final Counter shardsRead = StepMetrics.counter("shards_read");
    private final Counter shardsBad = StepMetrics.counter("shards_bad");
    private final Counter bytesRead = StepMetrics.counter("bytes_read");
    private final Counter recordsRead = StepMetrics.counter("records_read");
    private final Counter recordsRejected = StepMetrics.counter("records_rejected");
    private final Distribution milliseconds = StepMetrics.distribution("shard_milliseconds");
    private final Workspace workspace;
    private final ReadProgress progress;
    private transient @Nullable ShardInspector inspector;

    InspectFn(Workspace workspace, ReadProgress progress) {
      super(workspace.storage());
      this.progress = progress;
      this.workspace = workspace;
    }

    @ProcessElement
    public void process(@Element MatchedShard shard, MultiOutputReceiver outcomes)
        throws IOException {
      long begin = System.currentTimeMillis();
      try {
        Inspection inspection = inspector().inspect(shard.file(), shard.spec());
        Ledger.note(workspace, shard.file(), shard.spec(), begin, inspection);
        outcomes.get(INSPECTED).output(new InspectedShard(shard, inspection, true));
        recordsRead.inc(inspection.stored());
        recordsRejected.inc(inspection.rejectedRecords());
      } catch (BadShardException e) {
        outcomes.get(BAD).output(new BadShard(shard.key(), e.problems()));
        shardsBad.inc();
      }
      shardsRead.inc();
      bytesRead.inc(shard.file().bytes());
      milliseconds.update(System.currentTimeMillis() - begin);
    }

    private ShardInspector inspector() {
      ShardInspector made = inspector;
      if (made == null) {
        made = new ShardInspector(workspace, progress.counter());
        inspector = made;
      }
      return made;
    }
  }
}
