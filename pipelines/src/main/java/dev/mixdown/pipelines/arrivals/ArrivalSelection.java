package dev.mixdown.pipelines.arrivals;

import dev.mixdown.configs.datasets.DatasetEntry;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.datasets.MixSettings;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.InspectedDataset;
import dev.mixdown.pipelines.inspect.InspectedHeldOut;
import dev.mixdown.pipelines.inspect.InspectedStage;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.leaks.HeldOutCheck;
import dev.mixdown.pipelines.match.MatchedStage;
import dev.mixdown.pipelines.plan.StagePlan;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.KnownFiles.Known;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.registry.streams.Increment.Csv;
import dev.mixdown.registry.streams.Increment.NotTaken;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.index.IndexReader;
import dev.mixdown.transforms.mixing.Stratum;
import dev.mixdown.transforms.records.Inspection;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.stream.OrderHeader.Group;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which records of inspected files arrive: those that are not held out, that their path has
 * not brought before, and, without duplicates, whose identity is new.
 */
public final class ArrivalSelection {
  private final OnlineRequest request;
  private final OnlineStage stage;
  private final Chain chain;
  private final Look look;
  private final PathHistory history;
  private final Map<String, DatasetEntry> entries = new HashMap<>();

  private final List<Incoming> arrivals = new ArrayList<>();
  private final List<NotTaken> notTaken = new ArrayList<>();
  private final Map<Long, BatchChanges> changes = new TreeMap<>();
  private long retracted;
  private Contents at;

  /**
   * What was decided.
   *
   * @param arrivals in the order in which an increment has them
   * @param changes by batch, what becomes of waiting records
   * @param retracted records that were given and are not there any more
   * @param contents what lies where now
   */
  public record Selected(
      List<Incoming> arrivals,
      List<NotTaken> notTaken,
      Map<Long, BatchChanges> changes,
      long retracted,
      Contents contents) {}

  public ArrivalSelection(OnlineRequest request, OnlineStage stage, Chain chain, Look look) {
    this.request = request;
    this.stage = stage;
    this.chain = chain;
    this.look = look;
    this.history = new PathHistory(chain);
    this.at = new Contents(look, chain.files(), List.of());
    stage.config().enabled().forEach(entry -> entries.put(entry.name(), entry));
  }

  /** Nothing arrives, and this becomes of what waits. */
  public static Selected nothing(Chain chain, Map<Long, BatchChanges> changes) {
    Look nowhere =
        new Look(
            Map.of(),
            List.of(),
            new MatchedStage(List.of(), List.of(), false, List.of(), List.of()),
            List.of());
    return new Selected(
        List.of(), List.of(), changes, 0, new Contents(nowhere, chain.files(), List.of()));
  }

  /**
   * Decides.
   *
   * @param inspected candidates that can be used
   * @param rejected those that cannot
   */
  public Selected select(
      List<InspectedShard> inspected, List<NotTaken> rejected, List<InspectedHeldOut> heldOut)
      throws IOException {
    notTaken.addAll(rejected);
    at = new Contents(look, chain.files(), inspected);
    List<InspectedShard> sorted = new ArrayList<>(inspected);
    sorted.sort(
        Comparator.comparing((InspectedShard s) -> s.matched().dataset())
            .thenComparing(s -> Look.uri(s.matched())));
    Map<InspectedShard, int[]> held = heldOut(sorted, heldOut);
    Set<String> contents = new HashSet<>();
    for (InspectedShard shard : sorted) {
      take(shard, held.getOrDefault(shard, new int[0]), contents);
    }
    if (stage.config().mix().filtering().removeDuplicates()) {
      removeDuplicates();
    }
    sort();
    notTaken.sort(Comparator.comparing(NotTaken::dataset).thenComparing(NotTaken::uri));
    return new Selected(List.copyOf(arrivals), List.copyOf(notTaken), changes, retracted, at);
  }

  private Map<InspectedShard, int[]> heldOut(
      List<InspectedShard> shards, List<InspectedHeldOut> heldOut) throws IOException {
    if (shards.isEmpty()) {
      return Map.of();
    }
    TreeMap<String, List<InspectedShard>> byDataset = new TreeMap<>();
    shards.forEach(
        s -> byDataset.computeIfAbsent(s.matched().dataset(), d -> new ArrayList<>()).add(s));
    List<InspectedDataset> datasets = new ArrayList<>();
    byDataset.forEach(
        (name, its) -> datasets.add(new InspectedDataset(entry(name), List.copyOf(its))));
    // It runs beside the planner: no job of a cluster begins another one.
    RunnerSettings here =
        new RunnerSettings(RunnerSettings.Runner.DIRECT, request.runner().parallelism(), List.of());
    return new HeldOutCheck(request.workspace(), here, Progress.NONE, request.sources())
        .check(
            request.repository(),
            stage.resolution(),
            new InspectedStage(datasets, heldOut, List.of(), Map.of()))
        .leftOut();
  }

  private DatasetEntry entry(String dataset) {
    DatasetEntry entry = entries.get(dataset);
    if (entry == null) {
      throw new IllegalStateException("dataset \"%s\" is not in the config".formatted(dataset));
    }
    return entry;
  }

  private void take(InspectedShard shard, int[] held, Set<String> contents) throws IOException {
    String uri = Look.uri(shard.matched());
    String dataset = shard.matched().dataset();
    String sha256 = shard.inspection().sha256();
    Optional<Known> before = chain.files().find(uri);
    if (before.filter(k -> sha256.equals(k.sha256()) && k.dataset().equals(dataset)).isPresent()) {
      // It only looks different.
      return;
    }
    boolean twice = !contents.add(sha256 + dataset);
    boolean ofPath =
        before.filter(k -> k.dataset().equals(dataset) && !k.arrivals().isEmpty()).isPresent();
    boolean elsewhere = history.isElsewhere(shard(shard));
    if (!ofPath && (twice || (elsewhere && !history.wasStruck(shard(shard))))) {
      notTaken(shard, NotTaken.SAME_CONTENT);
      return;
    }
    if (shard.inspection().records() == 0 && shard.inspection().rejectedRecords() > 0) {
      notTaken(shard, NotTaken.REJECTED);
      return;
    }
    Incoming incoming = incoming(shard, uri, held);
    PathHistory.Content content =
        new PathHistory.Content(
            request.workspace().index(sha256, shard.spec()),
            shard(shard),
            incoming.leftOut(),
            isKept(uri, before));
    if (ofPath) {
      PathHistory.Verdict verdict = history.of(content, changes);
      retracted += verdict.retracted();
      incoming = without(incoming, verdict.known(), Incoming.KNOWN);
    }
    if (twice) {
      // Another path of this look brings it.
      notTaken(shard, ofPath ? NotTaken.REWRITTEN : NotTaken.SAME_CONTENT);
      return;
    }
    if (elsewhere) {
      incoming = without(incoming, history.known(content), Incoming.KNOWN);
    }
    if (incoming.arriving() > 0) {
      arrivals.add(incoming);
    } else {
      notTaken(
          shard,
          incoming.reasons().containsKey(Incoming.KNOWN)
              ? ofPath ? NotTaken.REWRITTEN : NotTaken.SAME_CONTENT
              : NotTaken.HELD_OUT);
    }
  }

  /** Whether what a path had before lies at another path as well. */
  private boolean isKept(String uri, Optional<Known> before) {
    if (before.isEmpty()) {
      return false;
    }
    String sha256 = before.get().sha256();
    return sha256 != null
        && at.place(uri, before.get().dataset(), sha256).filter(p -> !p.equals(uri)).isPresent();
  }

  private void notTaken(InspectedShard shard, String reason) {
    notTaken.add(
        new NotTaken(
            shard.matched().dataset(),
            Look.uri(shard.matched()),
            reason,
            shard.inspection().sha256(),
            shard.file().tag()));
  }

  private Incoming incoming(InspectedShard shard, String uri, int[] held) throws IOException {
    MixSettings mix = stage.config().mix();
    DatasetEntry entry = entry(shard.matched().dataset());
    List<String> strata = new ArrayList<>();
    List<Group> groups = new ArrayList<>();
    TreeMap<String, Long> counts = new TreeMap<>();
    for (Inspection.Group group : shard.inspection().groups()) {
      Stratum of = StagePlan.stratum(entry, mix, group);
      String stratum = mix.categoryField().isPresent() ? of.category() : of.dataset();
      strata.add(stratum);
      groups.add(new Group(of.dataset(), of.category()));
      if (group.records() > 0) {
        counts.merge(stratum, group.records(), Long::sum);
      }
    }
    Incoming all = new Incoming(shard, uri, strata, groups, new BitSet(), counts, Map.of());
    BitSet left = new BitSet();
    for (int record : held) {
      left.set(record);
    }
    return left.isEmpty() ? all : without(all, left, Incoming.HELD_OUT);
  }

  /** The same without some records; what a filter leaves out is counted nowhere. */
  private Incoming without(Incoming incoming, BitSet records, String reason) throws IOException {
    TreeMap<String, Long> counts = new TreeMap<>();
    BitSet left = new BitSet();
    try (IndexReader index = index(incoming)) {
      while (index.next()) {
        for (int i = 0; i < index.size(); i++) {
          int group = index.group(i);
          int record = index.record(i);
          if (group == IndexReader.LEFT_OUT || incoming.leftOut().get(record)) {
            continue;
          }
          if (records.get(record)) {
            left.set(record);
          } else {
            counts.merge(incoming.strata().get(group), 1L, Long::sum);
          }
        }
      }
    }
    return incoming.without(left, reason, counts);
  }

  private IndexReader index(Incoming incoming) throws IOException {
    Storage storage = request.workspace().storage();
    return new IndexReader(
        storage, request.workspace().index(incoming.sha256(), incoming.shard().spec()));
  }

  private void removeDuplicates() throws IOException {
    sort();
    SortedIds ids = new SortedIds();
    List<BitSet> again = new ArrayList<>();
    for (Incoming incoming : arrivals) {
      again.add(new BitSet());
      each(incoming, (record, identity) -> ids.add(identity));
    }
    BitSet places = new SeenIdentities(chain).again(ids);
    int[] place = {0};
    for (int a = 0; a < again.size(); a++) {
      BitSet its = again.get(a);
      each(
          arrivals.get(a),
          (record, identity) -> {
            if (places.get(place[0]++)) {
              its.set(record);
            }
          });
      arrivals.set(a, without(arrivals.get(a), its, Incoming.DUPLICATE));
    }
    for (Incoming incoming : List.copyOf(arrivals)) {
      if (incoming.arriving() == 0) {
        arrivals.remove(incoming);
        notTaken(incoming.shard(), NotTaken.HELD_OUT);
      }
    }
  }

  /** Takes the records that arrive, in their order. */
  @FunctionalInterface
  private interface Visitor {
    void visit(int record, long identity);
  }

  private void each(Incoming incoming, Visitor visitor) throws IOException {
    try (IndexReader index = index(incoming)) {
      while (index.next()) {
        for (int i = 0; i < index.size(); i++) {
          if (index.group(i) != IndexReader.LEFT_OUT && !incoming.leftOut().get(index.record(i))) {
            visitor.visit(index.record(i), index.identity(i));
          }
        }
      }
    }
  }

  /** By content, so that names decide nothing; in file order, by path. */
  private void sort() {
    arrivals.sort(
        Comparator.comparing(Incoming::dataset)
            .thenComparing(i -> chain.document().shuffle() ? i.sha256() : i.uri()));
  }

  /** A shard as rows name it. */
  public static Shard shard(InspectedShard shard) {
    return new Shard(
        shard.matched().dataset(),
        Look.uri(shard.matched()),
        shard.inspection().sha256(),
        shard.inspection().bytes(),
        shard.inspection().records(),
        shard.spec().format().toString(),
        csv(shard.spec().csv()));
  }

  private static @Nullable Csv csv(CsvOptions csv) {
    return csv.equals(CsvOptions.DEFAULT)
        ? null
        : new Csv(String.valueOf(csv.delimiter()), String.valueOf(csv.quote()), csv.header());
  }
}
