package dev.mixdown.transforms;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.configs.storage.Storage;
import java.io.IOException;
import java.util.UUID;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Leaves results for whoever started the pipeline, each as a small JSON file in a folder of the
 * run: the one way back that is the same on every runner.
 *
 * @param <T> what Jackson can write
 */
public final class LeaveResults<T> extends PTransform<PCollection<T>, PDone> {
  private final String folder;

  public LeaveResults(String folder) {
    this.folder = folder;
  }

  @Override
  public PDone expand(PCollection<T> results) {
    results.apply("Write", ParDo.of(new WriteFn<>(folder)));
    return PDone.in(results.getPipeline());
  }

  private static final class WriteFn<T> extends DoFn<T, Void> {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final String folder;

    WriteFn(String folder) {
      this.folder = folder;
    }

    @ProcessElement
    public void process(@Element T result) throws IOException {
      Storage.write(
          Storage.resolve(folder, UUID.randomUUID() + ".json"), MAPPER.writeValueAsBytes(result));
    }
  }
}
