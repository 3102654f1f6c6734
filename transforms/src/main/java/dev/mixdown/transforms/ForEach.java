package dev.mixdown.transforms;

import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.io.Serializable;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Does some work for each element by itself: a file that is made from another one, or a range that
 * is looked at. The work is plain code; this spreads it.
 *
 * @param <I> what the work is about
 * @param <O> what comes of it
 */
public final class ForEach<I, O extends Serializable>
    extends PTransform<PCollection<I>, PCollection<O>> {
  private final Storage storage;
  private final Work<I, O> work;
  private final Class<O> type;

  /** Work on one element. */
  @FunctionalInterface
  public interface Work<I, O> extends Serializable {
    O apply(Storage storage, I element) throws IOException;
  }

  /**
   * @param storage of the run
   * @param type of what comes of it
   */
  public ForEach(Storage storage, Class<O> type, Work<I, O> work) {
    this.storage = storage;
    this.work = work;
    this.type = type;
  }

  @Override
  public PCollection<O> expand(PCollection<I> elements) {
    return elements
        .apply("Work", ParDo.of(new WorkFn<>(storage, work)))
        .setCoder(SerializableCoder.of(type));
  }

  private static final class WorkFn<I, O> extends StorageFn<I, O> {
    private final Work<I, O> work;

    WorkFn(Storage storage, Work<I, O> work) {
      super(storage);
      this.work = work;
    }

    @ProcessElement
    public void process(@Element I element, OutputReceiver<O> outcomes) throws IOException {
      outcomes.output(work.apply(storage, element));
    }
  }
}
