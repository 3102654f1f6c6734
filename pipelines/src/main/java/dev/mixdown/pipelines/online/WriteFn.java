package dev.mixdown.pipelines.online;

import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Part;
import dev.mixdown.transforms.stream.PartToWrite;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Writes parts. Those of an increment whose number the chain has by now are not needed any more:
 * they come from an old checkpoint, or another process was first.
 */
final class WriteFn extends DoFn<KV<String, PartToWrite>, KV<String, ToPublish>> {
  private final StreamWorker worker;

  WriteFn(StreamWorker worker) {
    this.worker = worker;
  }

  /** For the runner. */
  @ProcessElement
  public void process(
      @Element KV<String, PartToWrite> element, OutputReceiver<KV<String, ToPublish>> out)
      throws IOException {
    String[] name = element.getKey().split(" ", 2);
    long seq = Long.parseLong(name[0]);
    if (isThere(seq)) {
      return;
    }
    Part part;
    try {
      part = element.getValue().write(worker.folder().storage());
    } catch (IOException e) {
      if (isThere(seq)) {
        return;
      }
      throw e;
    }
    out.output(KV.of(OnlinePipeline.KEY, new ToPublish(seq, name[1], null, 0, part)));
  }

  private boolean isThere(long seq) throws IOException {
    return worker.folder().storage().stat(worker.folder().file(Increment.file(seq))).isPresent();
  }

  /** For the runner. */
  @Teardown
  public void close() {
    worker.folder().storage().close();
  }
}
