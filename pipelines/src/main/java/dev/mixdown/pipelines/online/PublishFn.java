package dev.mixdown.pipelines.online;

import dev.mixdown.pipelines.increments.Planned;
import dev.mixdown.pipelines.increments.Publication;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Part;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Publishes an increment when all its parts are written. */
final class PublishFn extends DoFn<KV<String, ToPublish>, Void> {
  @StateId("pending")
  private final StateSpec<ValueState<Pending>> pendingSpec =
      StateSpecs.value(SerializableCoder.of(Pending.class));

  private final Counter increments = Metrics.counter(OnlinePipeline.METRICS, "increments");
  private final Counter samples = Metrics.counter(OnlinePipeline.METRICS, "samples");
  private final Counter lost = Metrics.counter(OnlinePipeline.METRICS, "increments_lost");
  private final StreamWorker worker;

  PublishFn(StreamWorker worker) {
    this.worker = worker;
  }

  /** What has come of increments that are not published yet, by id. */
  record Pending(HashMap<String, ArrayList<ToPublish>> byId) implements Serializable {}

  /** For the runner. */
  @ProcessElement
  public void process(
      @Element KV<String, ToPublish> element, @StateId("pending") ValueState<Pending> state)
      throws IOException {
    @Nullable Pending before = state.read();
    HashMap<String, ArrayList<ToPublish>> byId =
        before == null ? new HashMap<>() : new HashMap<>(before.byId());
    ToPublish one = element.getValue();
    Chain chain = worker.chain();
    byId.values().removeIf(its -> its.get(0).seq() <= chain.state().seq());
    if (one.seq() > chain.state().seq()) {
      ArrayList<ToPublish> its = new ArrayList<>(byId.getOrDefault(one.id(), new ArrayList<>()));
      its.add(one);
      byId.put(one.id(), its);
      if (publish(its, chain)) {
        byId.remove(one.id());
      }
    }
    state.write(new Pending(byId));
  }

  /** Publishes what is whole; false where something is to come yet. */
  private boolean publish(List<ToPublish> its, Chain chain) throws IOException {
    Planned planned = null;
    int parts = -1;
    List<Part> written = new ArrayList<>();
    for (ToPublish one : its) {
      if (one.planned() != null) {
        planned = one.planned();
        parts = one.parts();
      }
      Part part = one.part();
      if (part != null && !written.contains(part)) {
        written.add(part);
      }
    }
    if (planned == null || written.size() < parts) {
      return false;
    }
    written.sort(Comparator.comparingLong(Part::firstPosition));
    Increment increment = planned.increment();
    Publication.Outcome outcome =
        new Publication(chain, worker.stage().rules(), worker.request()).publish(planned, written);
    if (outcome == Publication.Outcome.PUBLISHED) {
      increments.inc();
      samples.inc(increment.samples());
      Metrics.counter(OnlinePipeline.METRICS, "cut_" + increment.cut().rule()).inc();
    } else if (outcome == Publication.Outcome.LOST) {
      lost.inc();
    }
    return true;
  }

  /** For the runner. */
  @Teardown
  public void close() {
    worker.request().workspace().storage().close();
  }
}
