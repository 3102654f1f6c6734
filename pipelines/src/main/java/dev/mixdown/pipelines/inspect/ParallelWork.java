package dev.mixdown.pipelines.inspect;

import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.ForEach;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Work on each of some elements by itself, on as many workers as there are: a file that is made
 * from another one, or a range that is looked at.
 */
public final class ParallelWork {
  private final Workspace workspace;
  private final RunnerSettings runner;

  public ParallelWork(Workspace workspace, RunnerSettings runner) {
    this.workspace = workspace;
    this.runner = runner;
  }

  /**
   * Does the work, and brings back what came of it, in any order.
   *
   * @param job what the pipeline is called
   * @param type of what comes of it
   * @param key what tells a result from the others
   */
  public <I extends Serializable, O extends Serializable> List<O> results(
      String job,
      List<I> elements,
      Class<O> type,
      SerializableFunction<O, String> key,
      ForEach.Work<I, O> work)
      throws IOException {
    Results<O> results = new Results<>(workspace, type);
    try {
      Map<String, Long> unused =
          runner.run(
              new WorkPipeline<>(
                  workspace.storage(), elements, type, work, Optional.of(results.write(key))),
              job);
    } catch (RuntimeException e) {
      results.take();
      throw e;
    }
    return results.take();
  }

  /** Does work that leaves what comes of it in files. */
  public <I extends Serializable> void run(
      String job, List<I> elements, ForEach.Work<I, String> work) {
    Map<String, Long> unused =
        runner.run(
            new WorkPipeline<>(workspace.storage(), elements, String.class, work, Optional.empty()),
            job);
  }

  /** The elements, spread over the workers. */
  private static final class WorkPipeline<I extends Serializable, O extends Serializable>
      extends PTransform<PBegin, PDone> {
    private final Storage storage;
    private final List<I> elements;
    private final Class<O> type;
    private final ForEach.Work<I, O> work;
    private final Optional<PTransform<PCollection<O>, PDone>> write;

    WorkPipeline(
        Storage storage,
        List<I> elements,
        Class<O> type,
        ForEach.Work<I, O> work,
        Optional<PTransform<PCollection<O>, PDone>> write) {
      this.storage = storage;
      this.elements = List.copyOf(elements);
      this.type = type;
      this.work = work;
      this.write = write;
    }

    @Override
    @SuppressWarnings("unchecked") // A list has no class of its elements but theirs.
    public PDone expand(PBegin begin) {
      Class<I> in = (Class<I>) elements.get(0).getClass();
      PCollection<O> done =
          begin
              .apply("Elements", Create.of(elements).withCoder(SerializableCoder.of(in)))
              .apply("Spread", Reshuffle.viaRandomKey())
              .apply("Each", new ForEach<>(storage, type, work));
      return write.isPresent() ? done.apply("Results", write.get()) : PDone.in(begin.getPipeline());
    }
  }
}
