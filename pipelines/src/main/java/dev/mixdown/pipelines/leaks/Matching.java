package dev.mixdown.pipelines.leaks;

import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.Results;
import dev.mixdown.pipelines.uses.KeptList;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.ForEach;
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
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

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
    Results<Match.Found> results = new Results<>(workspace, Match.Found.class);
    try {
      Map<String, Long> unused = runner.run(new MatchPipeline(storage, sides, results), "match");
    } catch (RuntimeException e) {
      results.take();
      throw e;
    }
    return results.take().stream()
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
      Map<String, Long> unused =
          runner.run(new ContentPipeline(storage, List.copyOf(unread.values())), "read-content");
    }
  }

  /** Reads the content of shards, each by itself. */
  private static final class ContentPipeline extends PTransform<PBegin, PDone> {
    private final Storage storage;
    private final List<ContentFiles.Shard> shards;

    ContentPipeline(Storage storage, List<ContentFiles.Shard> shards) {
      this.storage = storage;
      this.shards = shards;
    }

    @Override
    public PDone expand(PBegin begin) {
      begin
          .apply(
              "Shards", Create.of(shards).withCoder(SerializableCoder.of(ContentFiles.Shard.class)))
          .apply("Spread", Reshuffle.viaRandomKey())
          .apply("Read content", new ForEach<>(storage, String.class, ContentPipeline::read));
      return PDone.in(begin.getPipeline());
    }

    private static String read(Storage storage, ContentFiles.Shard shard) throws IOException {
      ContentFiles.write(storage, shard);
      return shard.file().path();
    }
  }

  /** Looks at ranges, each by itself. */
  private static final class MatchPipeline extends PTransform<PBegin, PDone> {
    private final Storage storage;
    private final RangeMatches.Sides sides;
    private final Results<Match.Found> results;

    MatchPipeline(Storage storage, RangeMatches.Sides sides, Results<Match.Found> results) {
      this.storage = storage;
      this.sides = sides;
      this.results = results;
    }

    private static ForEach.Work<Integer, Match.Found> work(RangeMatches.Sides sides) {
      return (storage, range) -> RangeMatches.find(storage, sides, range);
    }

    @Override
    public PDone expand(PBegin begin) {
      return begin
          .apply(
              "Ranges",
              Create.of(IntStream.range(0, 1 << sides.rangeBits()).boxed().toList())
                  .withCoder(VarIntCoder.of()))
          .apply("Spread", Reshuffle.viaRandomKey())
          .apply("Match", new ForEach<>(storage, Match.Found.class, work(sides)))
          .apply("Found", results.write(found -> String.valueOf(found.range())));
    }
  }
}
