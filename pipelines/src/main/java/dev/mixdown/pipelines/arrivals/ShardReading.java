package dev.mixdown.pipelines.arrivals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedHeldOut;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.match.MatchedHeldOut;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.Increment.NotTaken;
import dev.mixdown.storage.Digests;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.Ledger;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads files that the chain does not have, each once: what was found is kept in the stream's own
 * workspace until the file is in the chain, and what is wrong with one in the stream's folder.
 */
public final class ShardReading {
  private final OnlineRequest request;
  private final OnlineStage stage;
  private final StreamFolder folder;
  private final Workspace workspace;

  public ShardReading(OnlineRequest request, OnlineStage stage, StreamFolder folder) {
    this.request = request;
    this.stage = stage;
    this.folder = folder;
    this.workspace = request.workspace();
  }

  /** Reads files, on as many threads as there are workers. */
  public List<FileRead> read(List<MatchedShard> complete) throws IOException {
    List<FileRead> known = known(complete);
    Set<String> keys = new HashSet<>();
    known.forEach(file -> keys.add(file.shard().key()));
    List<Callable<FileRead>> work = new ArrayList<>();
    for (MatchedShard shard : complete) {
      if (!keys.contains(shard.key())) {
        work.add(() -> read(shard));
      }
    }
    List<FileRead> all = new ArrayList<>(known);
    if (!work.isEmpty()) {
      all.addAll(all(work));
    }
    return all;
  }

  /** What is known of files without reading them, of those of which something is. */
  public List<FileRead> known(List<MatchedShard> shards) throws IOException {
    List<FileRead> known = new ArrayList<>();
    if (!shards.isEmpty()) {
      Ledger ledger = Ledger.open(workspace);
      Set<String> bad = Set.copyOf(folder.storage().names(folder.file("rejected")));
      for (MatchedShard shard : shards) {
        String rejection = rejection(shard);
        if (bad.contains(rejection)) {
          known.add(FileRead.bad(shard, problems(shard, rejection)));
          continue;
        }
        Optional<Inspection> found = ledger.find(shard.file(), shard.spec());
        if (found.isPresent()) {
          known.add(judged(new InspectedShard(shard, found.get(), false)));
        }
      }
    }
    return known;
  }

  /**
   * What a step has to know of files that were read.
   *
   * @param young how many others may still be written to
   */
  public Arrived arrived(List<FileRead> files, Look look, int young) throws IOException {
    List<InspectedShard> good = new ArrayList<>();
    List<NotTaken> rejected = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    look.problems().forEach(problem -> problems.add(problem.toString()));
    for (FileRead file : files) {
      if (file.inspection() != null) {
        good.add(new InspectedShard(file.shard(), file.inspection(), true));
      } else {
        rejected.add(notTaken(file.shard()));
        problems.addAll(file.problems());
      }
    }
    List<InspectedHeldOut> heldOut = good.isEmpty() ? List.of() : heldOut(look, problems);
    return new Arrived(good, rejected, heldOut, young, problems);
  }

  private <T> List<T> all(List<Callable<T>> work) throws IOException {
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(work.size(), request.runner().workers()));
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> one : threads.invokeAll(work)) {
        results.add(one.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while files were read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw e.getCause() instanceof RuntimeException runtime
          ? runtime
          : new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Reads a file. */
  public FileRead read(MatchedShard shard) throws IOException {
    try {
      return judged(new InspectedShard(shard, inspect(shard), true));
    } catch (BadShardException e) {
      return rejected(shard, e.problems());
    }
  }

  private FileRead judged(InspectedShard shard) throws IOException {
    List<DataProblem> tooMany = tooMany(shard);
    return tooMany.isEmpty()
        ? FileRead.good(shard.matched(), shard.inspection())
        : rejected(shard.matched(), tooMany);
  }

  private Inspection inspect(MatchedShard shard) throws IOException, BadShardException {
    long begin = System.currentTimeMillis();
    Inspection inspection =
        new ShardInspector(workspace, ReadCounter.unseen()).inspect(shard.file(), shard.spec());
    Ledger.note(workspace, shard.file(), shard.spec(), begin, inspection);
    keepRejected(shard, inspection);
    return inspection;
  }

  /** Bad records that were left out go to the stream's folder, each with its reason. */
  private void keepRejected(MatchedShard shard, Inspection inspection) throws IOException {
    if (inspection.rejectedRecords() == 0) {
      return;
    }
    Optional<byte[]> records =
        workspace.storage().read(workspace.rejected(inspection.sha256(), shard.spec()));
    if (records.isPresent()) {
      folder
          .storage()
          .write(folder.file("rejected/" + inspection.sha256() + ".records.jsonl"), records.get());
    }
  }

  private List<DataProblem> tooMany(InspectedShard shard) {
    MaxRejected most = request.maxRejected();
    Optional<DatasetEntry> entry =
        stage.config().enabled().stream()
            .filter(e -> e.name().equals(shard.matched().dataset()))
            .findFirst();
    return most != null && entry.isPresent()
        ? most.problems(List.of(new InspectedDataset(entry.get(), List.of(shard))))
        : List.of();
  }

  /** The name of the file that says why one cannot be used, as it was then. */
  private static String rejection(MatchedShard shard) {
    return Digests.sha256(Look.uri(shard) + "\n" + shard.file().tag()).substring(0, 20) + ".json";
  }

  private FileRead rejected(MatchedShard shard, List<DataProblem> problems) throws IOException {
    List<String> texts = problems.stream().map(DataProblem::toString).toList();
    ObjectNode document = Json.object().put("uri", Look.uri(shard)).put("dataset", shard.dataset());
    document.put("tag", shard.file().tag());
    document.set("problems", Json.tree(texts));
    folder.storage().write(folder.file("rejected/" + rejection(shard)), Json.write(document));
    return FileRead.bad(shard, texts);
  }

  private List<String> problems(MatchedShard shard, String name) throws IOException {
    List<String> problems = new ArrayList<>();
    Optional<byte[]> document = folder.storage().read(folder.file("rejected/" + name));
    document.ifPresent(
        bytes -> {
          try {
            Json.read(bytes).path("problems").forEach(p -> problems.add(p.asText()));
          } catch (UncheckedIOException e) {
            problems.add(Look.uri(shard) + ": cannot be used");
          }
        });
    return problems;
  }

  private static NotTaken notTaken(MatchedShard shard) {
    return new NotTaken(
        shard.dataset(), Look.uri(shard), NotTaken.REJECTED, null, shard.file().tag());
  }

  /** The data that must not be trained on, as far as it can be read. */
  private List<InspectedHeldOut> heldOut(Look look, List<String> problems) throws IOException {
    List<InspectedHeldOut> all = new ArrayList<>();
    Ledger ledger = Ledger.open(workspace);
    Map<String, InspectedShard> inspected = new HashMap<>();
    for (MatchedHeldOut held : look.stage().heldOut()) {
      held.problems().forEach(p -> problems.add(held.about(p).toString()));
      List<InspectedShard> shards = new ArrayList<>();
      for (MatchedShard shard : held.shards()) {
        InspectedShard known = inspected.get(shard.key());
        if (known == null) {
          try {
            Optional<Inspection> found = ledger.find(shard.file(), shard.spec());
            known =
                new InspectedShard(
                    shard, found.isPresent() ? found.get() : inspect(shard), found.isEmpty());
            inspected.put(shard.key(), known);
          } catch (BadShardException e) {
            e.problems().forEach(p -> problems.add(held.about(p).toString()));
            continue;
          }
        }
        shards.add(known);
      }
      if (!shards.isEmpty() && shards.size() == held.shards().size()) {
        all.add(new InspectedHeldOut(held.entry(), shards));
      }
    }
    return all;
  }
}
