package dev.mixdown.pipelines.increments;

import dev.mixdown.configs.online.OnlineRules;
import dev.mixdown.configs.online.OnlineRules.Replay;
import dev.mixdown.configs.online.OnlineRules.Shortage;
import dev.mixdown.pipelines.arrivals.ArrivalSelection;
import dev.mixdown.pipelines.arrivals.ArrivalSelection.Selected;
import dev.mixdown.pipelines.arrivals.Incoming;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Arrival;
import dev.mixdown.registry.streams.Increment.Backlog;
import dev.mixdown.registry.streams.Increment.Counts;
import dev.mixdown.registry.streams.Increment.Mix;
import dev.mixdown.registry.streams.Increment.Shard;
import dev.mixdown.registry.streams.Increment.Struck;
import dev.mixdown.transforms.stream.Batch;
import dev.mixdown.transforms.stream.Cut;
import dev.mixdown.transforms.stream.StreamPlanner;
import dev.mixdown.transforms.stream.StreamState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts the document of the next increment together, without shards and parts. */
final class IncrementDraft {
  private final Chain chain;
  private final OnlineRules rules;
  private final Mix mix;
  private final Selected selected;

  IncrementDraft(Chain chain, OnlineRules rules, Mix mix, Selected selected) {
    this.chain = chain;
    this.rules = rules;
    this.mix = mix;
    this.selected = selected;
  }

  /**
   * The document.
   *
   * @param replays the state of all replays after it
   * @param closed whether the stream ends with it
   */
  Increment increment(Cut cut, List<Increment.Replay> replays, boolean closed, Instant now) {
    StreamState state = chain.state();
    TreeMap<String, Counts> counts = new TreeMap<>();
    long[] given = cut.counts();
    for (int s = 0; s < cut.strata().size(); s++) {
      String stratum = cut.strata().get(s);
      boolean isReplay = Replay.isStratum(stratum);
      counts.put(stratum, state.counts(stratum, given[s], isReplay ? given[s] : cut.again()[s]));
    }
    List<Struck> struck = new ArrayList<>();
    selected.changes().values().forEach(c -> struck.addAll(c.struck()));
    Increment draft = with(cut, counts, struck, replays, closed, now, state);
    StreamState after = state.copy();
    after.apply(draft);
    if (rules.newest().isPresent() && !closed) {
      struck.addAll(surplus(after, rules.newest().get()));
      draft = with(cut, counts, struck, replays, closed, now, state);
      after = state.copy();
      after.apply(draft);
    }
    return with(cut, counts, struck, replays, closed, now, after).identified();
  }

  /** What is beyond the newest records of each stratum, oldest first. */
  private static List<Struck> surplus(StreamState after, long newest) {
    List<Struck> surplus = new ArrayList<>();
    for (String stratum : after.strata()) {
      long beyond = after.waitingRecords(stratum) - newest;
      for (Batch batch : after.waiting(stratum)) {
        if (beyond <= 0) {
          break;
        }
        long records = Math.min(beyond, batch.waiting());
        surplus.add(new Struck(stratum, batch.seq(), records, Struck.SURPLUS));
        beyond -= records;
      }
    }
    return surplus;
  }

  private Increment with(
      Cut cut,
      Map<String, Counts> counts,
      List<Struck> struck,
      List<Increment.Replay> replays,
      boolean closed,
      Instant now,
      StreamState after) {
    StreamState before = chain.state();
    TreeMap<String, Backlog> backlog = new TreeMap<>();
    TreeSet<String> strata = new TreeSet<>(after.strata());
    strata.addAll(cut.strata());
    strata.forEach(stratum -> backlog.put(stratum, after.backlog(stratum)));
    List<Struck> sorted = new ArrayList<>(struck);
    sorted.sort(
        Comparator.comparing(Struck::stratum)
            .thenComparingLong(Struck::batch)
            .thenComparing(Struck::reason));
    return new Increment(
        Increment.SCHEMA_VERSION,
        "",
        before.stream(),
        before.seq() + 1,
        before.id(),
        StreamPlanner.VERSION,
        new Increment.Positions(before.position(), before.position() + cut.samples()),
        mix,
        selected.arrivals().stream().map(IncrementDraft::arrival).toList(),
        selected.notTaken(),
        sorted,
        List.copyOf(selected.changes().keySet()),
        List.of(),
        counts,
        backlog,
        new TreeMap<>(after.debt()),
        replays,
        List.of(),
        selected.retracted(),
        closed,
        new Increment.Cut(
            cut.rule().word(),
            cut.held().missing() > 0 ? cut.held().stratum() : null,
            cut.held().missing(),
            rules.shortage().word(),
            rules.shortage() == Shortage.REDISTRIBUTE
                ? rules.maxDebt(chain.document().block())
                : 0),
        now.toString());
  }

  private static Arrival arrival(Incoming incoming) {
    Shard shard = ArrivalSelection.shard(incoming.shard());
    List<Increment.Group> groups = new ArrayList<>();
    for (int g = 0; g < incoming.groups().size(); g++) {
      groups.add(
          new Increment.Group(incoming.strata().get(g), incoming.groups().get(g).category()));
    }
    return new Arrival(
        shard.dataset(),
        shard.uri(),
        shard.sha256(),
        shard.bytes(),
        shard.records(),
        shard.format(),
        shard.csv(),
        groups,
        incoming.counts(),
        incoming.reasons(),
        incoming.shard().inspection().rejectedRecords(),
        incoming.shard().file().tag(),
        Instant.ofEpochMilli(incoming.shard().file().modifiedMillis()).toString());
  }
}
