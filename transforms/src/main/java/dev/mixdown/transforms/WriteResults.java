package dev.mixdown.transforms;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.storage.Storage;
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
public final class WriteResults<T> extends PTransform<PCollection<T>, PDone> {
  /** How the names of results end that are whole. */
  public static final String SUFFIX = ".json";

  private final String prefix;

  /**
   * @param prefix how the paths of the results begin; the rest is different for each
   */
  public WriteResults(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public PDone expand(PCollection<T> results) {
    results.apply("Write", ParDo.of(new WriteFn<>(prefix)));
    return PDone.in(results.getPipeline());
  }

  private static final class WriteFn<T> extends DoFn<T, Void> {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final String prefix;

    WriteFn(String prefix) {
      this.prefix = prefix;
    }

    @ProcessElement
    public void process(@Element T result) throws IOException {
      Storage.write(prefix + UUID.randomUUID() + SUFFIX, MAPPER.writeValueAsBytes(result));
    }
  }
}
