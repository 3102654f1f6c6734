package dev.mixdown.pipelines.online;

import dev.mixdown.pipelines.arrivals.FileRead;
import dev.mixdown.pipelines.arrivals.Look;
import dev.mixdown.pipelines.arrivals.Settling;
import dev.mixdown.pipelines.arrivals.ShardReading;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Looks for files that the chain does not have and that are complete, and sends each once. What is
 * known of one without reading it goes on at once.
 */
final class WatchFn extends DoFn<KV<String, Pulse>, KV<String, StreamEvent>> {
  /** What the planner hears of at once. */
  static final TupleTag<KV<String, StreamEvent>> EVENTS = new TupleTag<>("events") {};

  /** Files that are to be read. */
  static final TupleTag<StreamEvent.Sent> TO_READ = new TupleTag<>("to_read") {};

  @StateId("sent")
  private final StateSpec<ValueState<Memory>> memorySpec =
      StateSpecs.value(SerializableCoder.of(Memory.class));

  private final StreamWorker worker;

  WatchFn(StreamWorker worker) {
    this.worker = worker;
  }

  /**
   * What was sent, and what is not complete yet.
   *
   * @param sent tags by key
   */
  record Memory(Map<String, String> sent, Map<String, Settling.Seen> young)
      implements Serializable {}

  /** For the runner. */
  @ProcessElement
  public void process(
      @Element KV<String, Pulse> element,
      @StateId("sent") ValueState<Memory> state,
      MultiOutputReceiver out)
      throws IOException {
    OnlineStage stage = worker.stage();
    Look look = Look.at(worker.request(), stage, worker.chain().files());
    @Nullable Memory before = state.read();
    Map<String, String> sentBefore = before == null ? Map.of() : before.sent();
    Settling settling =
        new Settling(
            worker.folder().storage(),
            stage.rules().settle(),
            before == null ? new HashMap<>() : before.young());
    HashMap<String, String> sent = new HashMap<>();
    List<MatchedShard> fresh = new ArrayList<>();
    for (MatchedShard shard : look.candidates()) {
      if (shard.file().tag().equals(sentBefore.get(shard.key()))) {
        sent.put(shard.key(), shard.file().tag());
      } else {
        fresh.add(shard);
      }
    }
    List<MatchedShard> complete =
        settling.look(fresh, System.currentTimeMillis(), System.nanoTime()).complete();
    complete.forEach(shard -> sent.put(shard.key(), shard.file().tag()));
    Pulse pulse = element.getValue().with(complete.size());
    send(stage, complete, pulse, out);
    state.write(new Memory(sent, settling.seen()));
  }

  private void send(
      OnlineStage stage, List<MatchedShard> complete, Pulse pulse, MultiOutputReceiver out)
      throws IOException {
    Set<String> known = new HashSet<>();
    for (FileRead file :
        new ShardReading(worker.request(), stage, worker.folder()).known(complete)) {
      known.add(file.shard().key());
      out.get(EVENTS).output(KV.of(OnlinePipeline.KEY, new StreamEvent(pulse, file)));
    }
    for (MatchedShard shard : complete) {
      if (!known.contains(shard.key())) {
        out.get(TO_READ).output(new StreamEvent.Sent(pulse, shard));
      }
    }
    out.get(EVENTS).output(KV.of(OnlinePipeline.KEY, new StreamEvent(pulse, null)));
  }

  /** For the runner. */
  @Teardown
  public void close() {
    worker.request().workspace().storage().close();
  }
}
