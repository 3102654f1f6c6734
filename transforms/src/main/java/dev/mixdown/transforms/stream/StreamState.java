package dev.mixdown.transforms.stream;

import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Arrival;
import dev.mixdown.registry.streams.Increment.Backlog;
import dev.mixdown.registry.streams.Increment.Counts;
import dev.mixdown.registry.streams.Increment.Mix;
import dev.mixdown.registry.streams.Increment.Replay;
import dev.mixdown.registry.streams.Increment.Struck;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a stream has given and what waits: a chain of increments, added up. It does not grow with
 * records, nor with what is done.
 */
public final class StreamState {
  private final String stream;
  private long seq;
  private String id;
  private long position;
  private Optional<Mix> mix = Optional.empty();
  private boolean closed;
  private final TreeMap<String, Long> given = new TreeMap<>();
  private final TreeMap<String, Deque<Batch>> backlog = new TreeMap<>();
  private final TreeMap<String, Replay> replays = new TreeMap<>();
  private final TreeMap<String, Long> totals = new TreeMap<>();

  /** The keys of {@link #totals}. */
  public static final String ARRIVALS = "arrivals";

  public static final String RECORDS = "records";
  public static final String STRUCK = "struck";
  public static final String REJECTED_SHARDS = "rejected_shards";
  public static final String REJECTED_RECORDS = "rejected_records";
  public static final String RETRACTED = "retracted_after_use";

  /**
   * @param stream its id, the parent of its first increment
   */
  public StreamState(String stream) {
    this.stream = stream;
    this.id = stream;
  }

  /**
   * A state as a snapshot's file has it.
   *
   * @param mix null before the first increment
   */
  public record Snapshot(
      String stream,
      long seq,
      String id,
      long position,
      @Nullable Mix mix,
      boolean closed,
      Map<String, Long> given,
      Map<String, List<Batch>> backlog,
      List<Replay> replays,
      Map<String, Long> totals) {}

  /** The state that a snapshot has. */
  public static StreamState of(Snapshot snapshot) {
    StreamState state = new StreamState(snapshot.stream());
    state.seq = snapshot.seq();
    state.id = snapshot.id();
    state.position = snapshot.position();
    state.mix = Optional.ofNullable(snapshot.mix());
    state.closed = snapshot.closed();
    state.given.putAll(snapshot.given());
    snapshot.backlog().forEach((s, batches) -> state.backlog.put(s, new ArrayDeque<>(batches)));
    snapshot.replays().forEach(r -> state.replays.put(r.stratum() + " " + r.from(), r));
    state.totals.putAll(snapshot.totals());
    return state;
  }

  /** What a snapshot's file has. */
  public Snapshot snapshot() {
    TreeMap<String, List<Batch>> batches = new TreeMap<>();
    backlog.forEach((stratum, its) -> batches.put(stratum, List.copyOf(its)));
    return new Snapshot(
        stream,
        seq,
        id,
        position,
        mix.isPresent() ? mix.get() : null,
        closed,
        new TreeMap<>(given),
        batches,
        List.copyOf(replays.values()),
        new TreeMap<>(totals));
  }

  /** The same, to go on from by itself. */
  public StreamState copy() {
    return of(snapshot());
  }

  /** Goes on by an increment, whose parent this is. */
  public void apply(Increment increment) {
    strike(increment.struck(), increment.moved(), increment.seq(), false);
    increment.arrivals().forEach(arrival -> arrive(increment.seq(), arrival));
    increment
        .counts()
        .forEach(
            (stratum, counts) -> {
              take(stratum, counts.fresh());
              given.put(stratum, counts.after());
            });
    strike(increment.struck(), List.of(), increment.seq(), true);
    replays.clear();
    increment.replay().forEach(r -> replays.put(r.stratum() + " " + r.from(), r));
    seq = increment.seq();
    id = increment.id();
    position = increment.positions().to();
    mix = Optional.of(increment.mix());
    closed = increment.closed();
    add(RETRACTED, increment.retractedAfterUse());
    increment.struck().forEach(s -> add(STRUCK, s.records()));
    increment
        .notTaken()
        .forEach(n -> add(REJECTED_SHARDS, n.reason().equals(Increment.NotTaken.REJECTED) ? 1 : 0));
  }

  private void add(String total, long more) {
    if (more > 0) {
      totals.merge(total, more, Long::sum);
    }
  }

  private void arrive(long batch, Arrival arrival) {
    add(ARRIVALS, 1);
    add(RECORDS, arrival.arriving());
    add(REJECTED_RECORDS, arrival.rejected());
    long millis = Instant.parse(arrival.time()).toEpochMilli();
    arrival
        .strata()
        .forEach(
            (stratum, records) -> {
              Deque<Batch> batches = batches(stratum);
              Batch last = batches.peekLast();
              if (last != null && last.seq() == batch) {
                batches.removeLast();
                batches.addLast(
                    new Batch(
                        batch,
                        last.total() + records,
                        batch,
                        last.rows() + records,
                        0,
                        Math.min(last.oldestMillis(), millis)));
              } else if (records > 0) {
                batches.addLast(new Batch(batch, records, batch, records, 0, millis));
              }
            });
  }

  private Deque<Batch> batches(String stratum) {
    return backlog.computeIfAbsent(stratum, s -> new ArrayDeque<>());
  }

  /** Takes the next records of a stratum. */
  private void take(String stratum, long records) {
    Deque<Batch> batches = batches(stratum);
    long left = records;
    while (left > 0) {
      Batch first = batches.removeFirst();
      long taken = Math.min(left, first.waiting());
      left -= taken;
      if (taken < first.waiting()) {
        batches.addFirst(first.without(taken));
      }
    }
  }

  /**
   * Strikes what an increment strikes.
   *
   * @param surplus whether it is what there was too much of, which is struck in order, after what
   *     was given; else single records, which are struck before
   */
  private void strike(List<Struck> struck, List<Long> moved, long at, boolean surplus) {
    Map<String, TreeMap<Long, Long>> records = new TreeMap<>();
    for (Struck one : struck) {
      if (one.reason().equals(Struck.SURPLUS) == surplus) {
        records
            .computeIfAbsent(one.stratum(), s -> new TreeMap<>())
            .merge(one.batch(), one.records(), Long::sum);
      }
    }
    for (Map.Entry<String, Deque<Batch>> its : backlog.entrySet()) {
      Map<Long, Long> gone = records.getOrDefault(its.getKey(), new TreeMap<>());
      List<Batch> left = new ArrayList<>();
      for (Batch batch : its.getValue()) {
        long n = gone.getOrDefault(batch.seq(), 0L);
        Batch now = batch;
        if (surplus) {
          now = batch.without(n);
        } else if (moved.contains(batch.seq())) {
          now = batch.movedTo(at, batch.waiting() - n);
        }
        if (now.waiting() > 0) {
          left.add(now);
        }
      }
      its.setValue(new ArrayDeque<>(left));
    }
  }

  /** The id of the stream. */
  public String stream() {
    return stream;
  }

  /** The number of the last increment; 0 before the first. */
  public long seq() {
    return seq;
  }

  /** The id of the last increment; the stream's before the first. */
  public String id() {
    return id;
  }

  /** How many samples were given. */
  public long position() {
    return position;
  }

  /** What each stratum is to have; empty before the first increment. */
  public Optional<Mix> mix() {
    return mix;
  }

  /** Whether nothing follows. */
  public boolean closed() {
    return closed;
  }

  /** How many samples each stratum has given. */
  public Map<String, Long> given() {
    return Map.copyOf(given);
  }

  /** How many samples a stratum has given. */
  public long given(String stratum) {
    return given.getOrDefault(stratum, 0L);
  }

  /** The strata that have given something or have something that waits, by name. */
  public List<String> strata() {
    TreeMap<String, Boolean> names = new TreeMap<>();
    given.keySet().forEach(s -> names.put(s, true));
    backlog.forEach((s, batches) -> names.put(s, true));
    return List.copyOf(names.keySet());
  }

  /** What waits of a stratum, in its order. */
  public List<Batch> waiting(String stratum) {
    Deque<Batch> batches = backlog.get(stratum);
    return batches == null ? List.of() : List.copyOf(batches);
  }

  /** How many records of a stratum wait. */
  public long waitingRecords(String stratum) {
    return waiting(stratum).stream().mapToLong(Batch::waiting).sum();
  }

  /** What waits, as documents have it. */
  public Backlog backlog(String stratum) {
    List<Batch> batches = waiting(stratum);
    return batches.isEmpty()
        ? new Backlog(0, 0, 0)
        : new Backlog(
            batches.get(0).seq(),
            batches.get(0).total() - batches.get(0).waiting(),
            waitingRecords(stratum));
  }

  /** The replay that fills a stratum's seats from a source; empty before its first sample. */
  public Optional<Replay> replay(String stratum, String from) {
    return Optional.ofNullable(replays.get(stratum + " " + from));
  }

  /** All replays, by stratum. */
  public List<Replay> replays() {
    return List.copyOf(replays.values());
  }

  /** How much came and went in all. */
  public Map<String, Long> totals() {
    return Map.copyOf(totals);
  }

  /** How many samples each stratum is behind what is due to it; those that are none are absent. */
  public Map<String, Long> debt() {
    TreeMap<String, Long> debt = new TreeMap<>();
    if (mix.isPresent()) {
      List<String> strata = List.copyOf(new TreeMap<>(mix.get().shares()).keySet());
      Dealing dealing = new Dealing(mix.get(), strata);
      for (int s = 0; s < strata.size(); s++) {
        long owed = dealing.due(s, position) - given(strata.get(s));
        if (owed > 0) {
          debt.put(strata.get(s), owed);
        }
      }
    }
    return debt;
  }

  /** How many samples a stratum gives in an increment, of which so many are older ones. */
  public Counts counts(String stratum, long samples, long again) {
    return new Counts(given(stratum), given(stratum) + samples, again);
  }
}
