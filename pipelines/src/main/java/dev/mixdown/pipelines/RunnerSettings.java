package dev.mixdown.pipelines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.transforms.StepMetrics;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

/**
 * Where pipelines run.
 *
 * @param runner direct or Flink
 * @param parallelism how many workers at once; 0 for one a core
 * @param beamOptions Beam's own options, as a user gives them; they win over ours
 */
public record RunnerSettings(Runner runner, int parallelism, List<String> beamOptions)
    implements Serializable {
  /** The runners. */
  public enum Runner {
    /** Threads of this process. */
    DIRECT,
    /** Flink: a small cluster inside this process, or one elsewhere. */
    FLINK
  }

  /** The direct runner, on all cores. */
  public static final RunnerSettings DIRECT = new RunnerSettings(Runner.DIRECT, 0, List.of());

  /** How many workers there are. */
  public int workers() {
    return parallelism > 0 ? parallelism : Runtime.getRuntime().availableProcessors();
  }

  /**
   * Into how many batches work is dealt that was measured beforehand. For everything that comes to
   * a key, the direct runner copies all that the key has so far: there is one batch for a worker.
   * Flink deals elements out by hash, which is even only for many.
   */
  public int batches() {
    return runner == Runner.DIRECT ? workers() : 8 * workers();
  }

  /**
   * Pieces of a source in the order in which the runner begins them: Flink takes the last first.
   */
  public <T> List<T> inItsOrder(List<T> pieces) {
    List<T> order = new ArrayList<>(pieces);
    if (runner == Runner.FLINK) {
      Collections.reverse(order);
    }
    return order;
  }

  /**
   * Runs a pipeline to its end.
   *
   * @param job its parts, such as {@code inspect} and the stage: what a cluster's page shows,
   *     unless the user's options name it
   * @return what its steps counted
   * @throws IllegalStateException when it does not end well
   */
  public Map<String, Long> run(PTransform<PBegin, PDone> transform, String... job) {
    PipelineResult result;
    PipelineResult.State state;
    try {
      cluster().ifPresent(FlinkCluster::use);
      Pipeline pipeline = Pipeline.create(options(job));
      pipeline.apply(transform);
      result = pipeline.run();
      state = finished(result);
    } finally {
      cluster().ifPresent(master -> FlinkCluster.letGo());
    }
    return counted(result, state);
  }

  private static Map<String, Long> counted(PipelineResult result, PipelineResult.State state) {
    if (state != PipelineResult.State.DONE) {
      throw new IllegalStateException("the pipeline ended as " + state);
    }
    Map<String, Long> metrics = new TreeMap<>();
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.inNamespace(StepMetrics.NAMESPACE))
                .build())
        .getCounters()
        .forEach(c -> metrics.merge(c.getName().getName(), c.getAttempted(), Long::sum));
    return metrics;
  }

  /**
   * Runs a pipeline that goes on until its source ends.
   *
   * @param job as for {@link #run}
   * @return what its steps counted, as far as the runner tells
   * @throws IllegalStateException when it does not end well
   */
  public Map<String, Long> runStream(PTransform<PBegin, PDone> transform, String... job) {
    List<String> options = new ArrayList<>(List.of("--streaming"));
    if (runner == Runner.FLINK) {
      // With checkpoints a source that has ended is kept alive otherwise.
      options.add("--shutdownSourcesAfterIdleMs=1000");
      cluster().ifPresent(master -> options.addAll(FlinkCluster.streamOptions(master)));
    }
    options.addAll(beamOptions);
    return new RunnerSettings(runner, parallelism, options).runHere(transform, job);
  }

  private Map<String, Long> runHere(PTransform<PBegin, PDone> transform, String... job) {
    Pipeline pipeline = Pipeline.create(streamOptions(job));
    pipeline.apply(transform);
    PipelineResult result = pipeline.run();
    return counted(result, finished(result));
  }

  /**
   * Waits for a pipeline. It is cancelled where the waiting thread is interrupted: what is under
   * way goes on to its end, and nothing more begins.
   */
  private static PipelineResult.State finished(PipelineResult result) {
    try {
      return result.waitUntilFinish();
    } catch (RuntimeException e) {
      if (!result.getState().isTerminal()) {
        try {
          result.cancel();
        } catch (IOException | UnsupportedOperationException notCancelled) {
          e.addSuppressed(notCancelled);
        }
      }
      throw e;
    }
  }

  /**
   * Beam's options for these settings.
   *
   * @param job as for a pipeline
   * @throws IllegalArgumentException when Beam, or the runner, does not understand them
   */
  public PipelineOptions options(String... job) {
    return options(true, job);
  }

  /** The options of a stream: it goes to a cluster by Beam's own way. */
  private PipelineOptions streamOptions(String... job) {
    return options(false, job);
  }

  private PipelineOptions options(boolean batch, String... job) {
    int workers = workers();
    List<String> arguments = new ArrayList<>();
    List<String> given = new ArrayList<>(beamOptions);
    switch (runner) {
      case DIRECT -> {
        arguments.add("--runner=DirectRunner");
        arguments.add("--targetParallelism=" + workers);
        // Who waits can give up.
        arguments.add("--blockOnRun=false");
        // The checks of every element cost more than the work on it. The tests run with them.
        arguments.add("--enforceImmutability=false");
        arguments.add("--enforceEncodability=false");
      }
      case FLINK -> {
        arguments.add("--runner=FlinkRunner");
        Optional<String> cluster = cluster();
        if (cluster.isPresent() && parallelism == 0) {
          // The cores of this machine say nothing of the cluster's.
          throw new IllegalArgumentException(
              "how many slots of the cluster? Say it with --parallelism");
        }
        boolean submits = batch && cluster.isPresent();
        given.removeIf(option -> submits && option.startsWith("--flinkMaster="));
        arguments.addAll(
            cluster
                .filter(c -> submits)
                .map(FlinkCluster::options)
                .orElse(List.of("--flinkMaster=[local]")));
        arguments.add("--parallelism=" + workers);
      }
    }
    for (String option : given) {
      String name = option.contains("=") ? option.substring(0, option.indexOf('=') + 1) : option;
      arguments.removeIf(ours -> ours.startsWith(name));
      arguments.add(option);
    }
    PipelineOptions options =
        PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new)).withValidation().create();
    if (given.stream().noneMatch(option -> option.startsWith("--jobName="))) {
      options.setJobName(jobName(job));
    }
    return options;
  }

  /** The cluster elsewhere that jobs go to; empty for this process. */
  private Optional<String> cluster() {
    return runner == Runner.FLINK ? FlinkCluster.named(beamOptions) : Optional.empty();
  }

  private static String jobName(String... parts) {
    StringBuilder name = new StringBuilder("mixdown");
    for (String part : parts) {
      name.append('-').append(part.replaceAll("[^\\p{L}\\p{N}_.]+", "-"));
    }
    return name.toString();
  }

  /** Where runs take place: an allow-list, with nothing in it that could be a secret. */
  public ObjectNode environment() {
    ObjectNode environment = Json.object();
    environment.put("runner", runner.name().toLowerCase(Locale.ROOT));
    environment.put("java", Runtime.version().toString());
    environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    environment.put("processors", Runtime.getRuntime().availableProcessors());
    return environment;
  }
}
