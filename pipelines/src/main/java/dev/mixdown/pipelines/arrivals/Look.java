package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.match.MatchedDataset;
import dev.mixdown.pipelines.match.MatchedStage;
import dev.mixdown.pipelines.match.ShardMatcher;
import dev.mixdown.pipelines.streams.KnownFiles;
import dev.mixdown.pipelines.streams.KnownFiles.Known;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What lies in a stage's folders at one moment.
 *
 * @param there every file, by its whole path
 * @param candidates those that the chain does not have as they are now, by dataset and path
 * @param stage as it was matched, for the data that is held out
 * @param problems files that cannot be used; a folder that is not there yet is no problem
 */
public record Look(
    Map<String, FileInfo> there,
    List<MatchedShard> candidates,
    MatchedStage stage,
    List<DataProblem> problems) {
  /** Looks. */
  public static Look at(OnlineRequest request, OnlineStage stage, KnownFiles known)
      throws IOException {
    MatchedStage matched =
        new ShardMatcher(
                Reach.patient(request.repository().storage()),
                request.repository().folder(),
                stage.config().mix(),
                request.full(),
                true,
                Optional.empty())
            .match(stage.config());
    Map<String, FileInfo> there = new HashMap<>();
    List<MatchedShard> candidates = new ArrayList<>();
    for (MatchedDataset dataset : matched.datasets()) {
      for (MatchedShard shard : dataset.shards()) {
        String uri = uri(shard);
        there.put(uri, shard.file());
        Optional<Known> before = known.find(uri);
        if (before.isEmpty() || !before.get().tag().equals(shard.file().tag())) {
          candidates.add(shard);
        }
      }
    }
    List<DataProblem> problems =
        matched.problems().stream()
            .filter(p -> !p.message().startsWith("matches no file"))
            .toList();
    return new Look(there, candidates, matched, problems);
  }

  /** What documents call a shard's file. */
  public static String uri(MatchedShard shard) {
    return StoragePath.absolute(shard.file().path());
  }
}
