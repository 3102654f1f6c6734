package dev.mixdown.pipelines.samples;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.inspect.ParallelWork;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.selection.RecordHashes;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The hashes of records whose identities are taken from a field: they say which of those with one
 * identity comes first, wherever it lies. Their shards are inspected once more for it.
 */
final class TieHashes {
  private final Workspace workspace;
  private final RunnerSettings runner;

  TieHashes(Workspace workspace, RunnerSettings runner) {
    this.workspace = workspace;
    this.runner = runner;
  }

  /**
   * The hashes of the records of shards whose identities are taken from a field: for them the
   * shards are inspected once more.
   */
  Map<InspectedShard, String> of(List<InspectedShard> shards) throws IOException {
    Map<InspectedShard, MatchedShard> plain = new LinkedHashMap<>();
    for (InspectedShard shard : shards) {
      InspectionSpec spec =
          new InspectionSpec(
              shard.spec().format(),
              shard.spec().csv(),
              shard.spec().full(),
              true,
              null,
              null,
              null,
              null);
      plain.put(shard, new MatchedShard(shard.matched().dataset(), shard.file(), spec));
    }
    Inspections.Outcome outcome =
        new Inspections(workspace, runner, Progress.NONE, "hash")
            .inspect(List.copyOf(plain.values()));
    if (!outcome.bad().isEmpty()) {
      throw new DataException(outcome.problems());
    }
    Map<InspectedShard, String> hashes = new HashMap<>();
    List<RecordHashes.Shard> missing = new ArrayList<>();
    for (Map.Entry<InspectedShard, MatchedShard> one : plain.entrySet()) {
      InspectedShard its = Objects.requireNonNull(outcome.good().get(one.getValue().key()));
      RecordHashes.Shard of =
          RecordHashes.Shard.of(workspace.index(its.inspection().sha256(), its.spec()));
      hashes.put(one.getKey(), of.file());
      if (workspace.storage().stat(of.file()).isEmpty()) {
        missing.add(of);
      }
    }
    if (!missing.isEmpty()) {
      new ParallelWork(workspace, runner).run("hash", missing, RecordHashes::write);
    }
    return hashes;
  }
}
