package dev.mixdown.pipelines.match;

import dev.mixdown.configs.problems.Note;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.shards.MatchedShard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stage's data, as listed.
 *
 * @param strict whether what is wrong with data that is held out is a problem of the stage
 * @param problems what is wrong with datasets that have no files, or another's
 * @param notes what a user may want to know of the files that were found
 */
public record MatchedStage(
    List<MatchedDataset> datasets,
    List<MatchedHeldOut> heldOut,
    boolean strict,
    List<DataProblem> problems,
    List<Note> notes) {
  /** All shards, each once: those of datasets first. */
  public List<MatchedShard> shards() {
    Map<String, MatchedShard> all = new LinkedHashMap<>();
    datasets.forEach(dataset -> dataset.shards().forEach(shard -> all.put(shard.key(), shard)));
    heldOut.forEach(held -> held.shards().forEach(shard -> all.putIfAbsent(shard.key(), shard)));
    return List.copyOf(all.values());
  }
}
