package dev.mixdown.pipelines.online;

import dev.mixdown.transforms.StepMetrics;
import dev.mixdown.transforms.stream.PartToWrite;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * A stream that runs. Every so often somebody looks for files ({@link WatchFn}); each new one is
 * read by some worker ({@link ReadFn}); one planner decides the next increment ({@link PlanFn});
 * its parts are written by whoever is free ({@link WriteFn}), and it is published when they are all
 * there ({@link PublishFn}). The elements are files and parts, never records.
 *
 * <p>Nothing that a runner keeps is needed. After a restart without a checkpoint, what the chain
 * does not have is found again; with an old one, what it has is let go.
 */
final class OnlinePipeline extends PTransform<PBegin, PDone> {
  /** There is one stream. */
  static final String KEY = "stream";

  /** Where its metrics stand. */
  static final String METRICS = StepMetrics.NAMESPACE;

  private final Pulses pulses;
  private final StreamWorker worker;

  OnlinePipeline(Pulses pulses, StreamWorker worker) {
    this.pulses = pulses;
    this.worker = worker;
  }

  @Override
  public PDone expand(PBegin begin) {
    PCollectionTuple seen =
        begin
            .apply("Pulses", Read.from(pulses))
            .apply(
                "One key", WithKeys.<String, Pulse>of(KEY).withKeyType(TypeDescriptors.strings()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Pulse.class)))
            .apply(
                "Watch",
                ParDo.of(new WatchFn(worker))
                    .withOutputTags(WatchFn.EVENTS, TupleTagList.of(WatchFn.TO_READ)));
    PCollection<KV<String, StreamEvent>> known = events(seen.get(WatchFn.EVENTS));
    PCollection<KV<String, StreamEvent>> read =
        events(
            seen.get(WatchFn.TO_READ)
                .setCoder(SerializableCoder.of(StreamEvent.Sent.class))
                .apply("Spread files", Reshuffle.viaRandomKey())
                .apply("Read", ParDo.of(new ReadFn(worker))));
    PCollectionTuple planned =
        PCollectionList.of(known)
            .and(read)
            .apply("Events", Flatten.pCollections())
            .apply(
                "Plan",
                ParDo.of(new PlanFn(worker))
                    .withOutputTags(PlanFn.PARTS, TupleTagList.of(PlanFn.PLANNED)));
    PCollection<KV<String, ToPublish>> written =
        toPublish(
            planned
                .get(PlanFn.PARTS)
                .setCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(PartToWrite.class)))
                .apply("Spread parts", Reshuffle.viaRandomKey())
                .apply("Write", ParDo.of(new WriteFn(worker))));
    PCollection<Void> unused =
        PCollectionList.of(toPublish(planned.get(PlanFn.PLANNED)))
            .and(written)
            .apply("Written", Flatten.pCollections())
            .apply("Publish", ParDo.of(new PublishFn(worker)));
    return PDone.in(begin.getPipeline());
  }

  private static PCollection<KV<String, StreamEvent>> events(
      PCollection<KV<String, StreamEvent>> events) {
    return events.setCoder(
        KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(StreamEvent.class)));
  }

  private static PCollection<KV<String, ToPublish>> toPublish(
      PCollection<KV<String, ToPublish>> increments) {
    return increments.setCoder(
        KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(ToPublish.class)));
  }
}
