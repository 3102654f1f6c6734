package dev.mixdown.pipelines.inspect;

import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.transforms.InspectShards;
import dev.mixdown.transforms.ShardToInspect;
import dev.mixdown.transforms.WriteResults;
import java.util.List;
import org.apache.beam.sdk.Pipeline;

/**
 * Reads shards in parallel. Its elements are shards; what it finds goes to the ledger and the index
 * of the workspace, what is wrong with them to the run's folder.
 */
final class InspectPipeline {
  private InspectPipeline() {}

  static void run(
      Pipeline pipeline,
      boolean lastFirst,
      List<ShardToInspect> shards,
      String workspace,
      String results) {
    pipeline
        .apply("Inspect", new InspectShards(shards, lastFirst, workspace))
        .apply("Problems", new WriteResults<>(results));
    RunnerSettings.run(pipeline);
  }
}
