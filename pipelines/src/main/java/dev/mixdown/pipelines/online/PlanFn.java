package dev.mixdown.pipelines.online;

import dev.mixdown.pipelines.arrivals.FileRead;
import dev.mixdown.pipelines.arrivals.Look;
import dev.mixdown.pipelines.arrivals.ShardReading;
import dev.mixdown.pipelines.increments.LookNotes;
import dev.mixdown.pipelines.increments.OnlineStep;
import dev.mixdown.pipelines.increments.Planned;
import dev.mixdown.pipelines.increments.StepOutcome;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.LastLook;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.stream.PartToWrite;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Plans the next increment from the chain and the files that were read, when a pulse says so or
 * when all files of one were read. There is one planner. What it remembers is no truth: files that
 * are in the chain by now are let go, and a plan that somebody else has overtaken is forgotten.
 */
final class PlanFn extends DoFn<KV<String, StreamEvent>, KV<String, PartToWrite>> {
  /** The parts that are to be written, by the increment's id. */
  static final TupleTag<KV<String, PartToWrite>> PARTS = new TupleTag<>("parts") {};

  /** The increments without them. */
  static final TupleTag<KV<String, ToPublish>> PLANNED = new TupleTag<>("planned") {};

  /** A plan that is not published by then was lost with a worker. */
  private static final Duration MOST_IN_FLIGHT = Duration.ofMinutes(2);

  @StateId("files")
  private final StateSpec<BagState<FileRead>> filesSpec =
      StateSpecs.bag(SerializableCoder.of(FileRead.class));

  @StateId("memory")
  private final StateSpec<ValueState<Memory>> memorySpec =
      StateSpecs.value(SerializableCoder.of(Memory.class));

  private final Gauge position = Metrics.gauge(OnlinePipeline.METRICS, "position");
  private final Gauge lag = Metrics.gauge(OnlinePipeline.METRICS, "lag_milliseconds");
  private final StreamWorker worker;

  /**
   * @param pulse whose files are being read
   * @param read how many of them were
   * @param seq the increment that is being written; 0 for none
   * @param sinceMillis when it was planned
   */
  record Memory(long pulse, int read, long seq, long sinceMillis) implements Serializable {
    static final Memory NONE = new Memory(0, 0, 0, 0);
  }

  PlanFn(StreamWorker worker) {
    this.worker = worker;
  }

  /** For the runner. */
  @ProcessElement
  public void process(
      @Element KV<String, StreamEvent> element,
      @StateId("files") BagState<FileRead> files,
      @StateId("memory") ValueState<Memory> memory,
      MultiOutputReceiver out)
      throws IOException {
    StreamEvent event = element.getValue();
    @Nullable Memory read = memory.read();
    Memory now = read == null ? Memory.NONE : read;
    FileRead file = event.file();
    if (file != null) {
      files.add(file);
      int count = now.pulse() == event.pulse().number() ? now.read() + 1 : 1;
      now = new Memory(event.pulse().number(), count, now.seq(), now.sinceMillis());
      if (count < event.pulse().files()) {
        memory.write(now);
        return;
      }
    } else if (event.pulse().files() > 0) {
      // The last of its files says when.
      return;
    }
    memory.write(step(event.pulse(), now, files, out));
  }

  private Memory step(Pulse pulse, Memory memory, BagState<FileRead> files, MultiOutputReceiver out)
      throws IOException {
    Chain chain = worker.chain();
    long millis = System.currentTimeMillis();
    boolean inFlight =
        memory.seq() > chain.state().seq()
            && millis - memory.sinceMillis() < MOST_IN_FLIGHT.toMillis();
    if (inFlight || chain.state().closed()) {
      return memory;
    }
    OnlineStage stage = worker.stage();
    Look look = Look.at(worker.request(), stage, chain.files());
    List<FileRead> current = current(look, files);
    Instant now = Instant.ofEpochMilli(millis);
    StepOutcome outcome =
        new OnlineStep(worker.request(), stage, chain, now)
            .plan(
                look,
                new ShardReading(worker.request(), stage, worker.folder())
                    .arrived(current, look, look.candidates().size() - current.size()),
                pulse.drain());
    LastLook seen = outcome.look().with(worker.configProblem());
    boolean drained = pulse.drain() && outcome.planned().isEmpty();
    LookNotes.write(worker.folder(), drained ? seen.asDrained() : seen, now);
    report(chain, seen, now);
    Optional<Planned> planned = outcome.planned();
    if (planned.isEmpty()) {
      return new Memory(memory.pulse(), memory.read(), 0, 0);
    }
    Increment increment = planned.get().increment();
    out.get(PLANNED)
        .output(
            KV.of(
                OnlinePipeline.KEY,
                new ToPublish(
                    increment.seq(),
                    increment.id(),
                    new Planned(increment, List.of()),
                    planned.get().parts().size(),
                    null)));
    for (PartToWrite part : planned.get().parts()) {
      out.get(PARTS).output(KV.of(increment.seq() + " " + increment.id(), part));
    }
    return new Memory(memory.pulse(), memory.read(), increment.seq(), millis);
  }

  /** The files that were read and that the chain still does not have; others are let go. */
  private static List<FileRead> current(Look look, BagState<FileRead> files) {
    Map<String, String> candidates = new HashMap<>();
    for (MatchedShard shard : look.candidates()) {
      candidates.put(shard.key(), shard.file().tag());
    }
    Map<String, FileRead> current = new HashMap<>();
    int all = 0;
    for (FileRead file : files.read()) {
      all++;
      if (file.shard().file().tag().equals(candidates.get(file.shard().key()))) {
        current.put(file.shard().key(), file);
      }
    }
    if (current.size() < all) {
      files.clear();
      current.values().forEach(files::add);
    }
    return new ArrayList<>(current.values());
  }

  private void report(Chain chain, LastLook look, Instant now) {
    position.set(chain.state().position());
    String oldest = look.oldest();
    lag.set(
        oldest == null ? 0 : Math.max(0, Duration.between(Instant.parse(oldest), now).toMillis()));
    for (String stratum : chain.state().strata()) {
      Metrics.gauge(OnlinePipeline.METRICS, "backlog_" + stratum)
          .set(chain.state().waitingRecords(stratum));
    }
  }

  /** For the runner. */
  @Teardown
  public void close() {
    worker.request().workspace().storage().close();
  }
}
