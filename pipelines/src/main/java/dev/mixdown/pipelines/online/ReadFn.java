package dev.mixdown.pipelines.online;

import dev.mixdown.pipelines.arrivals.FileRead;
import dev.mixdown.pipelines.arrivals.ShardReading;
import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Reads files, one an element: a bad one is a result, not an error. */
final class ReadFn extends DoFn<StreamEvent.Sent, KV<String, StreamEvent>> {
  private final Counter read = Metrics.counter(OnlinePipeline.METRICS, "shards_read");
  private final Counter rejected = Metrics.counter(OnlinePipeline.METRICS, "rejected");
  private final StreamWorker worker;

  ReadFn(StreamWorker worker) {
    this.worker = worker;
  }

  /** For the runner. */
  @ProcessElement
  public void process(@Element StreamEvent.Sent sent, OutputReceiver<KV<String, StreamEvent>> out)
      throws IOException {
    FileRead file =
        new ShardReading(worker.request(), worker.stage(), worker.folder()).read(sent.shard());
    read.inc();
    if (file.inspection() == null) {
      rejected.inc();
    }
    out.output(KV.of(OnlinePipeline.KEY, new StreamEvent(sent.pulse(), file)));
  }

  /** For the runner. */
  @Teardown
  public void close() {
    worker.request().workspace().storage().close();
  }
}
