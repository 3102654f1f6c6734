package dev.mixdown.pipelines.increments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.online.OnlineRules.Replay;
import dev.mixdown.configs.online.OnlineRules.Shortage;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.arrivals.BatchChanges;
import dev.mixdown.pipelines.arrivals.BatchFiles;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.Consumer;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Arrival;
import dev.mixdown.registry.streams.Increment.Part;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.registry.streams.StreamDocument;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.BadShardException;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.bytes.ReadCounter;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.ShardInspector;
import dev.mixdown.transforms.shards.Workspace;
import dev.mixdown.transforms.stream.Batch;
import dev.mixdown.transforms.stream.Cut;
import dev.mixdown.transforms.stream.OrderHeader;
import dev.mixdown.transforms.stream.OrderReader;
import dev.mixdown.transforms.stream.PartToWrite;
import dev.mixdown.transforms.stream.RowTable;
import dev.mixdown.transforms.stream.Slice;
import dev.mixdown.transforms.stream.StreamPlanner;
import dev.mixdown.transforms.stream.StreamPlanner.Limits;
import dev.mixdown.transforms.stream.StreamPlanner.Supply;
import dev.mixdown.transforms.stream.StreamState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Checks a stream from its first increment to its last, by what is recorded and without a clock:
 * every increment goes on from the one before, gives what is due to each stratum, and its parts are
 * byte for byte what comes of the indexes that the chain keeps. Source files are not needed, but
 * for a deep check, which holds the indexes against them.
 */
public final class StreamCheck {
  private final Workspace workspace;
  private final Storage storage;
  private final StreamFolder folder;
  private final StreamDocument document;
  private final boolean deep;
  private final List<DataProblem> problems = new ArrayList<>();
  private long parts;
  private long removed;
  private long read;
  private long gone;

  /**
   * What was found.
   *
   * @param path of the stream
   * @param stream its id
   * @param increments that were checked
   * @param parts that were made again and are the same
   * @param removed parts that everybody has read and that were removed
   * @param read source files that were read
   * @param gone source files that are not there any more, or have changed
   */
  public record Checked(
      String path,
      String stream,
      long increments,
      long position,
      long parts,
      long removed,
      long read,
      long gone) {
    /** The document that {@code online verify --json} prints. */
    public ObjectNode json() {
      return Json.object()
          .put("stream_id", stream)
          .put("path", path)
          .put("increments", increments)
          .put("position", position)
          .put("parts", parts)
          .put("parts_removed", removed)
          .put("files_read", read)
          .put("files_gone", gone);
    }

    /** The same for people. */
    public List<String> lines(boolean deep) {
      List<String> lines = new ArrayList<>();
      lines.add(
          "%s, %s and %s are as they were written: positions 0 to %,d"
              .formatted(
                  path, Counts.of(increments, "increment"), Counts.of(parts, "part"), position));
      if (removed > 0) {
        lines.add(
            "%s that all consumers have read %s removed"
                .formatted(Counts.of(removed, "part"), removed == 1 ? "was" : "were"));
      }
      if (deep) {
        lines.add(
            "%s read; %s gone or changed since"
                .formatted(Counts.of(read, "source file"), Counts.number(gone)));
      }
      return lines;
    }
  }

  public StreamCheck(
      Workspace workspace, StreamFolder folder, StreamDocument document, boolean deep) {
    this.workspace = workspace;
    this.storage = folder.storage();
    this.folder = folder;
    this.document = document;
    this.deep = deep;
  }

  /**
   * Checks the whole chain.
   *
   * @throws DataException with everything that is wrong
   */
  public Checked check() throws IOException {
    Chain chain = Chain.empty(folder, document);
    String scratch = StoragePath.resolve(workspace.folder(), "online/verify-" + UUID.randomUUID());
    try {
      while (true) {
        Optional<Increment> next = folder.increment(chain.state().seq() + 1);
        if (next.isEmpty()) {
          break;
        }
        check(chain, next.get(), scratch);
        chain.apply(next.get());
      }
      folder
          .head()
          .filter(head -> head.seq() > chain.state().seq())
          .ifPresent(
              head ->
                  problem(
                      Increment.file(chain.state().seq() + 1),
                      "is missing, though head.json knows of increment %d; bring it back from a copy"
                          .formatted(head.seq())));
      if (deep) {
        readShards(chain);
      }
    } finally {
      storage.delete(storage.below(scratch).stream().map(FileInfo::path).toList());
      storage.removeEmptyFolder(scratch);
    }
    if (!problems.isEmpty()) {
      throw new DataException("the stream is not as it was written", problems);
    }
    return new Checked(
        folder.path(),
        document.id(),
        chain.state().seq(),
        chain.state().position(),
        parts,
        removed,
        read,
        gone);
  }

  private void problem(String name, String message) {
    problems.add(DataProblem.of(folder.file(name), message));
  }

  private void check(Chain chain, Increment increment, String scratch) throws IOException {
    String name = Increment.file(increment.seq());
    int before = problems.size();
    checkArrivals(increment, scratch);
    checkMoved(chain, increment);
    if (problems.size() > before) {
      return;
    }
    Optional<Cut> cut = dealt(chain.state(), increment);
    if (cut.isEmpty()) {
      problem(
          name, "does not give each stratum what is due to it; bring the file back from a copy");
      return;
    }
    checkBacklog(chain.state(), increment);
    if (increment.samples() > 0) {
      checkParts(chain, increment, cut.get(), scratch);
    }
  }

  /** The order of a batch is what comes of its indexes, which have what the increment says. */
  private void checkArrivals(Increment increment, String scratch) throws IOException {
    for (int a = 0; a < increment.arrivals().size(); a++) {
      String name = increment.folder() + "/" + BatchFiles.index(a);
      Arrival arrival = increment.arrivals().get(a);
      TreeMap<String, Long> counts = new TreeMap<>();
      try (IndexReader index = new IndexReader(storage, folder.file(name))) {
        while (index.next()) {
          for (int i = 0; i < index.size(); i++) {
            if (index.group(i) != IndexReader.LEFT_OUT) {
              counts.merge(arrival.groups().get(index.group(i)).stratum(), 1L, Long::sum);
            }
          }
        }
      } catch (IOException | IndexOutOfBoundsException e) {
        problem(
            name,
            "cannot be used%s; bring it back from a copy: it has the records of %s"
                .formatted(Causes.inBrackets(e), arrival.uri()));
        continue;
      }
      if (!counts.equals(new TreeMap<>(arrival.strata()))) {
        problem(name, "has other records than its increment says; bring it back from a copy");
      }
    }
    if (!increment.arrivals().isEmpty() && problems.isEmpty()) {
      String order = BatchChanges.order(increment.seq());
      String folderHere = StoragePath.resolve(scratch, "order");
      storage.makeFolder(folderHere);
      new BatchFiles(storage, document, folderHere)
          .writeOrder(increment.seq(), increment.arrivals(), folder.file(increment.folder()));
      same(
          StoragePath.resolve(folderHere, order),
          increment.folder() + "/" + order,
          "bring it back from a copy");
    }
  }

  private void same(String made, String name, String remedy) throws IOException {
    String file = folder.file(name);
    if (storage.stat(file).isEmpty()) {
      problem(name, "is missing; " + remedy);
    } else if (!storage.sha256(file).equals(storage.sha256(made))) {
      problem(name, "was altered; " + remedy);
    }
    storage.delete(List.of(made));
  }

  /**
   * An order that was written anew has what waited before, in its order, but for what is struck.
   */
  private void checkMoved(Chain chain, Increment increment) throws IOException {
    for (long moved : increment.moved()) {
      String name = increment.folder() + "/" + BatchChanges.order(moved);
      for (String stratum : chain.state().strata()) {
        for (Batch batch : chain.state().waiting(stratum)) {
          if (batch.seq() != moved) {
            continue;
          }
          long struck =
              increment.struck().stream()
                  .filter(s -> s.batch() == moved && s.stratum().equals(stratum))
                  .filter(s -> !s.reason().equals(Increment.Struck.SURPLUS))
                  .mapToLong(Increment.Struck::records)
                  .sum();
          try (OrderReader old = new OrderReader(storage, chain.order(batch.file(), moved));
              OrderReader now = new OrderReader(storage, folder.file(name))) {
            if (!isWithout(old, now, stratum, batch, struck)) {
              problem(name, "does not have what waited before; bring it back from a copy");
            }
          } catch (IOException e) {
            problem(
                name,
                "cannot be used%s; bring it back from a copy".formatted(Causes.inBrackets(e)));
          }
        }
      }
    }
  }

  private static boolean isWithout(
      OrderReader old, OrderReader now, String stratum, Batch batch, long struck)
      throws IOException {
    if (now.header().rows(stratum) != batch.waiting() - struck) {
      return false;
    }
    long to = now.header().first(stratum);
    long end = to + now.header().rows(stratum);
    long from = old.header().first(stratum) + batch.skip();
    for (long row = from; row < from + batch.waiting() && to < end; row++) {
      old.seek(row);
      now.seek(to);
      if (old.identity() == now.identity()) {
        to++;
      }
    }
    return to == end;
  }

  /** What each block gives, by the same rule; empty where the increment says otherwise. */
  private Optional<Cut> dealt(StreamState state, Increment increment) {
    List<String> strata = List.copyOf(new TreeSet<>(increment.counts().keySet()));
    Map<String, Long> fresh = new HashMap<>();
    Set<String> older = new HashSet<>();
    Set<String> replays = new HashSet<>();
    for (String stratum : strata) {
      Increment.Counts counts = counts(increment, stratum);
      fresh.put(stratum, counts.fresh());
      if (Replay.isStratum(stratum)) {
        replays.add(stratum);
      } else if (state.given(stratum) > 0) {
        older.add(stratum);
      }
    }
    int blocks = (int) (increment.samples() / document.block());
    Limits limits =
        new Limits(
            document.block(),
            1,
            Shortage.of(increment.cut().shortage()),
            increment.cut().maxDebt());
    return new StreamPlanner(increment.mix(), limits, strata)
        .again(
            state,
            new Supply(fresh, older, replays),
            blocks,
            Cut.Rule.valueOf(increment.cut().rule().toUpperCase(Locale.ROOT)))
        .filter(cut -> cut.samples() == increment.samples())
        .filter(cut -> isAsSaid(state, increment, cut));
  }

  private static Increment.Counts counts(Increment increment, String stratum) {
    return increment.counts().getOrDefault(stratum, new Increment.Counts(0, 0, 0));
  }

  private static boolean isAsSaid(StreamState state, Increment increment, Cut cut) {
    long[] given = cut.counts();
    for (int s = 0; s < given.length; s++) {
      String stratum = cut.strata().get(s);
      Increment.Counts counts = counts(increment, stratum);
      boolean replay = Replay.isStratum(stratum);
      if (counts.before() != state.given(stratum)
          || counts.given() != given[s]
          || counts.again() != (replay ? given[s] : cut.again()[s])) {
        return false;
      }
    }
    return true;
  }

  private void checkBacklog(StreamState state, Increment increment) {
    StreamState after = state.copy();
    try {
      after.apply(increment);
    } catch (RuntimeException e) {
      problem(
          Increment.file(increment.seq()), "gives more than what waits; bring it back from a copy");
      return;
    }
    increment
        .backlog()
        .forEach(
            (stratum, backlog) -> {
              if (!after.backlog(stratum).equals(backlog)) {
                problem(
                    Increment.file(increment.seq()),
                    "says that %,d records of \"%s\" wait, but %,d do; bring it back from a copy"
                        .formatted(backlog.waiting(), stratum, after.backlog(stratum).waiting()));
              }
            });
  }

  /** Makes the parts again. */
  private void checkParts(Chain chain, Increment increment, Cut cut, String scratch)
      throws IOException {
    List<List<Slice>> slices = new ArrayList<>();
    for (int s = 0; s < cut.strata().size(); s++) {
      slices.add(slices(chain, increment, cut, s));
    }
    RowTable table = RowTable.of(storage, cut.strata(), slices);
    if (!contents(table.shards()).equals(contents(increment.shards()))) {
      problem(
          Increment.file(increment.seq()),
          "names other shards than its samples have; bring it back from a copy");
      return;
    }
    int block = document.block();
    int done = 0;
    for (Part part : increment.parts()) {
      int blocks = (int) (part.rows() / block);
      PartToWrite again =
          new PartToWrite(
              scratch,
              part.path(),
              part.firstPosition(),
              part.path().endsWith(".jsonl") ? ManifestFormat.JSONL : ManifestFormat.PARQUET,
              document.seed(),
              block,
              document.shuffle(),
              document.augment(),
              cut.strata(),
              new ArrayList<>(cut.blocks().subList(done, done + blocks)),
              Slice.between(slices, cut.before(done), cut.before(done + blocks)),
              table);
      storage.makeFolder(StoragePath.folder(StoragePath.resolve(scratch, part.path())));
      checkPart(increment, part, again.write(storage));
      storage.delete(List.of(StoragePath.resolve(scratch, part.path())));
      done += blocks;
    }
  }

  private static List<String> contents(List<Shard> shards) {
    return shards.stream().map(shard -> shard.dataset() + " " + shard.sha256()).toList();
  }

  private void checkPart(Increment increment, Part part, Part again) throws IOException {
    if (!again.sha256().equals(part.sha256())) {
      problem(
          Increment.file(increment.seq()),
          "says that %s has another content than its samples give".formatted(part.path()));
      return;
    }
    String file = folder.file(part.path());
    if (storage.stat(file).isEmpty()) {
      List<Consumer> consumers = folder.consumers();
      boolean needed =
          consumers.isEmpty()
              || consumers.stream()
                  .anyMatch(c -> c.position() < part.firstPosition() + part.rows());
      if (needed) {
        problem(part.path(), "is missing, and some reader needs it; bring it back from a copy");
      } else {
        removed++;
      }
    } else if (!storage.sha256(file).equals(part.sha256())) {
      problem(part.path(), "was altered; bring it back from a copy");
    } else {
      parts++;
    }
  }

  private List<Slice> slices(Chain chain, Increment increment, Cut cut, int s) throws IOException {
    String stratum = cut.strata().get(s);
    List<Slice> slices = new ArrayList<>();
    boolean replay = Replay.isStratum(stratum);
    if (!replay) {
      slices.addAll(fresh(chain, increment, stratum, cut.fresh(s)));
    }
    String from = Replays.source(stratum);
    long again = replay ? cut.counts()[s] : cut.again()[s];
    if (again > 0) {
      slices.addAll(
          Replays.again(
              chain,
              increment,
              chain.state().replay(stratum, from),
              increment.replay().stream()
                  .filter(r -> r.stratum().equals(stratum) && r.from().equals(from))
                  .findFirst(),
              again));
    }
    return slices;
  }

  private List<Slice> fresh(Chain chain, Increment increment, String stratum, long records)
      throws IOException {
    List<Slice> slices = new ArrayList<>();
    long left = records;
    String here = folder.file(increment.folder());
    for (Batch batch : chain.state().waiting(stratum)) {
      boolean moved = increment.moved().contains(batch.seq());
      String order =
          moved
              ? StoragePath.resolve(here, BatchChanges.order(batch.seq()))
              : chain.order(batch.file(), batch.seq());
      long there = moved ? OrderHeader.of(storage, order).rows(stratum) : batch.waiting();
      long rows = Math.min(left, there);
      if (rows > 0) {
        slices.add(new Slice(order, stratum, moved ? 0 : batch.skip(), rows, 0));
        left -= rows;
      }
    }
    if (left > 0) {
      String order = StoragePath.resolve(here, BatchChanges.order(increment.seq()));
      slices.add(new Slice(order, stratum, 0, left, 0));
    }
    return slices;
  }

  /** Holds the indexes of all arrivals against their files, where these are as they were. */
  private void readShards(Chain chain) throws IOException {
    for (long seq = 1; seq <= chain.state().seq(); seq++) {
      Increment increment = chain.increment(seq);
      for (int a = 0; a < increment.arrivals().size(); a++) {
        Arrival arrival = increment.arrivals().get(a);
        Optional<FileInfo> file = storage.stat(arrival.uri());
        if (file.isEmpty() || !storage.sha256(arrival.uri()).equals(arrival.sha256())) {
          gone++;
          continue;
        }
        read++;
        readShard(increment, a, arrival, file.get());
      }
    }
  }

  private void readShard(Increment increment, int a, Arrival arrival, FileInfo file)
      throws IOException {
    CsvOptions csv =
        arrival.csv() == null
            ? CsvOptions.DEFAULT
            : new CsvOptions(
                arrival.csv().delimiter().charAt(0),
                arrival.csv().quote().charAt(0),
                arrival.csv().header());
    InspectionSpec spec =
        new InspectionSpec(
            ShardFormat.of(arrival.format()).orElseThrow(),
            csv,
            false,
            true,
            null,
            null,
            null,
            document.identityField());
    String name = increment.folder() + "/" + BatchFiles.index(a);
    try {
      Inspection inspection =
          new ShardInspector(workspace, ReadCounter.unseen()).inspect(file, spec);
      try (IndexReader now = new IndexReader(storage, workspace.index(inspection.sha256(), spec));
          IndexReader kept = new IndexReader(storage, folder.file(name))) {
        while (kept.next() && now.next()) {
          for (int i = 0; i < kept.size(); i++) {
            if (kept.group(i) != IndexReader.LEFT_OUT
                && (i >= now.size()
                    || kept.identity(i) != now.identity(i)
                    || kept.offset(i) != now.offset(i))) {
              problem(
                  name,
                  "says otherwise of record %d than %s".formatted(kept.record(i), file.path()));
              return;
            }
          }
        }
      }
    } catch (BadShardException e) {
      problems.addAll(e.problems());
    }
  }
}
