package dev.mixdown.transforms;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Writes results for the process that started the pipeline, each as a small JSON file in a folder
 * of the run: the one way back that is the same on every runner.
 *
 * @param <T> what Jackson can write
 */
public final class WriteResults<T> extends PTransform<PCollection<T>, PDone> {
  /** How the names of results end that are whole. */
  public static final String SUFFIX = ".json";

  private final Storage storage;
  private final String prefix;
  private final SerializableFunction<T, String> key;

  /**
   * @param storage of the run
   * @param prefix how the paths of the results begin
   * @param key what tells a result from the others: written twice, it is one
   */
  public WriteResults(Storage storage, String prefix, SerializableFunction<T, String> key) {
    this.storage = storage;
    this.prefix = prefix;
    this.key = key;
  }

  @Override
  public PDone expand(PCollection<T> results) {
    results.apply("Write", ParDo.of(new WriteFn<>(storage, prefix, key)));
    return PDone.in(results.getPipeline());
  }

  private static final class WriteFn<T> extends StorageFn<T, Void> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String prefix;
    private final SerializableFunction<T, String> key;

    WriteFn(Storage storage, String prefix, SerializableFunction<T, String> key) {
      super(storage);
      this.prefix = prefix;
      this.key = key;
    }

    @ProcessElement
    public void process(@Element T result) throws IOException {
      String name = Digests.sha256(key.apply(result)).substring(0, 32) + SUFFIX;
      storage.write(prefix + name, MAPPER.writeValueAsBytes(result));
    }
  }
}
