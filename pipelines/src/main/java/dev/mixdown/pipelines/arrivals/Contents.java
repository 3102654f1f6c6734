package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.streams.KnownFiles;
import dev.mixdown.pipelines.streams.KnownFiles.Known;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.transforms.shards.InspectedShard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which content lies at which path now, as far as it is known: of files that did not change since
 * the chain saw them, and of those that were just read.
 */
public final class Contents {
  private final Map<String, FileInfo> there;
  private final KnownFiles known;
  private final Map<String, InspectedShard> read = new HashMap<>();

  Contents(Look look, KnownFiles known, List<InspectedShard> inspected) {
    this.there = look.there();
    this.known = known;
    inspected.forEach(shard -> read.put(Look.uri(shard.matched()), shard));
  }

  /** Whether a content lies at a path. */
  public boolean isAt(String path, String sha256) {
    InspectedShard now = read.get(path);
    if (now != null) {
      return now.inspection().sha256().equals(sha256);
    }
    FileInfo file = there.get(path);
    Optional<Known> before = known.find(path);
    return file != null
        && before.isPresent()
        && before.get().tag().equals(file.tag())
        && sha256.equals(before.get().sha256());
  }

  /** The path at which a content lies: its own, else the first of those that have it too. */
  public Optional<String> place(String own, String dataset, String sha256) {
    if (isAt(own, sha256)) {
      return Optional.of(own);
    }
    List<String> others = new ArrayList<>();
    known.paths(dataset, sha256).stream().filter(p -> isAt(p, sha256)).forEach(others::add);
    read.forEach(
        (path, shard) -> {
          if (shard.matched().dataset().equals(dataset)
              && shard.inspection().sha256().equals(sha256)) {
            others.add(path);
          }
        });
    return others.stream().sorted().findFirst();
  }
}
