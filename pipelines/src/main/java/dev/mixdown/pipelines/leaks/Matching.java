package dev.mixdown.pipelines.leaks;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.ParallelWork;
import dev.mixdown.pipelines.uses.KeptList;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.content.ContentFiles;
import dev.mixdown.transforms.content.Match;
import dev.mixdown.transforms.content.RangeMatches;
import dev.mixdown.transforms.selection.Selecting;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the records of some shards whose content others have too. Content identities are read from
 * the shards once, and kept in the workspace under their SHA-256; after that no shard is needed.
 */
final class Matching {
  private final Workspace workspace;
  private final Storage storage;
  private final RunnerSettings runner;

  Matching(Workspace workspace, RunnerSettings runner) {
    this.workspace = workspace;
    this.storage = workspace.storage();
    this.runner = runner;
  }

  /**
   * Finds them.
   *
   * @return by shard and record
   * @throws DataException where the content of a shard is not known, and cannot be read any more
   */
  List<Match> match(List<ContentShard> shards, List<HeldOutShard> heldOut) throws IOException {
    List<ContentShard> others = heldOut.stream().map(HeldOutShard::shard).toList();
    if (shards.isEmpty() || others.isEmpty()) {
      return List.of();
    }
    readContent(shards, others);
    long entries =
        shards.stream().mapToLong(ContentShard::records).sum()
            + others.stream().mapToLong(ContentShard::records).sum();
    RangeMatches.Sides sides =
        new RangeMatches.Sides(
            shards.stream().map(s -> List.copyOf(s.files())).toList(),
            others.stream().map(s -> List.copyOf(s.files())).toList(),
            heldOut.stream().map(HeldOutShard::only).toList(),
            Selecting.rangeBits(entries));
    String kept =
        StoragePath.resolve(workspace.folder(), "content/matches-" + digest(sides) + ".json");
    Optional<List<Match>> known = KeptList.read(storage, kept, Match[].class);
    List<Match> matches = known.isPresent() ? known.get() : run(sides);
    if (known.isEmpty()) {
      KeptList.write(storage, kept, matches);
    }
    return matches;
  }

  /** Content files are named by what is in them, so they tell the matches. */
  private static String digest(RangeMatches.Sides sides) {
    return Digests.sha256(sides.files() + "\n" + sides.others() + "\n" + sides.only())
        .substring(0, 20);
  }

  private List<Match> run(RangeMatches.Sides sides) throws IOException {
    return new ParallelWork(workspace, runner)
            .results(
                "match",
                Selecting.ranges(sides.rangeBits()),
                Match.Found.class,
                found -> String.valueOf(found.range()),
                (Storage store, Integer range) -> RangeMatches.find(store, sides, range))
            .stream()
            .flatMap(found -> found.matches().stream())
            .sorted(Comparator.comparingInt(Match::shard).thenComparingInt(Match::record))
            .toList();
  }

  /** Reads the content of those shards whose content is not known. */
  private void readContent(List<ContentShard> shards, List<ContentShard> others)
      throws IOException {
    Map<String, ContentFiles.Shard> unread = new LinkedHashMap<>();
    List<DataProblem> problems = new ArrayList<>();
    for (List<ContentShard> side : List.of(shards, others)) {
      for (ContentShard shard : side) {
        String last = shard.files().get(shard.files().size() - 1);
        if (unread.containsKey(last) || storage.stat(last).isPresent()) {
          continue;
        }
        Optional<FileInfo> file =
            StoragePath.isSupported(shard.uri()) ? storage.stat(shard.uri()) : Optional.empty();
        if (file.isEmpty() || !storage.sha256(shard.uri()).equals(shard.sha256())) {
          problems.add(
              DataProblem.of(
                  shard.uri(),
                  "%s; the content of its records was never read, so it cannot be compared"
                      .formatted(
                          file.isEmpty()
                              ? "is not there any more"
                              : "has changed since it was inspected")));
        } else {
          unread.put(last, new ContentFiles.Shard(file.get(), shard.spec(), shard.files()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException("the content of some shards is not known", problems);
    }
    if (!unread.isEmpty()) {
      new ParallelWork(workspace, runner)
          .run("read-content", List.copyOf(unread.values()), ContentFiles::write);
    }
  }
}
