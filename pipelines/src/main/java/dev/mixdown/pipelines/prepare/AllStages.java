package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.inspect.Inspections;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.match.MatchedStage;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.transforms.shards.MatchedShard;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Prepares every stage and variant of a release repository, in the order of their priorities.
 *
 * <p>The shards of all stages are read first, by one job: a shard that several stages share is read
 * once. Then each stage is planned, placed and published by itself, and one that fails does not
 * keep the others from theirs. Online stages are left out: their data keeps coming.
 */
public final class AllStages {
  private final PrepareRequest request;
  private final Progress progress;
  private final AtomicReference<Preparation> running = new AtomicReference<>();

  /** Whether the shards of all stages are being read, before any of them is prepared. */
  private final AtomicBoolean reading = new AtomicBoolean();

  /**
   * @param request what is asked for; its choice says which tasks, and no stage
   */
  public AllStages(PrepareRequest request, Progress progress) {
    this.request = request;
    this.progress = progress;
  }

  /** Hears what came of each stage, as soon as it is known. */
  public interface Listener {
    /** A stage was prepared. */
    void prepared(StageChoice stage, Prepared prepared);

    /** A stage could not be prepared; the others go on. */
    void failed(StageChoice stage, Exception reason);
  }

  /**
   * The stages and variants that are prepared; where there is no stage_config.yaml, the one stage
   * of the repository.
   *
   * @throws ConfigException when stage_config.yaml cannot be used
   */
  public List<StageChoice> stages() throws IOException {
    Problems problems = new Problems();
    Optional<StageCatalog> catalog = request.repository().catalog(problems);
    problems.throwIfAny();
    StageChoice asked = request.choice();
    if (catalog.isEmpty() || catalog.get().stages().isEmpty()) {
      return List.of(asked);
    }
    return catalog.get().inOrder().stream()
        .filter(stage -> !stage.key().equals(OnlineStage.KEY))
        .flatMap(stage -> stage.choices(Optional.empty()).stream())
        .map(stage -> stage.with(asked.config(), asked.tasks()))
        .toList();
  }

  /** Prepares all stages, and tells what came of each. */
  public void prepare(PrepareOutput output, Listener listener) throws IOException {
    List<StageChoice> stages = stages();
    reading.set(true);
    Map<StageChoice, Preparation.ReadShards> read = readShards(stages);
    reading.set(false);
    for (StageChoice stage : stages) {
      Preparation preparation =
          new Preparation(request.of(stage), progress, Optional.ofNullable(read.get(stage)));
      running.set(preparation);
      Prepared prepared;
      try {
        prepared = preparation.prepare(output);
      } catch (IOException | RuntimeException e) {
        listener.failed(stage, e);
        continue;
      } finally {
        running.set(null);
      }
      listener.prepared(stage, prepared);
    }
  }

  /** The process is being ended from outside; see {@link Preparation#interrupted}. */
  public boolean interrupted() throws IOException {
    Preparation preparation = running.get();
    return preparation == null ? reading.get() : preparation.interrupted();
  }

  /** Reads the shards of all stages that can be listed, each once. */
  private Map<StageChoice, Preparation.ReadShards> readShards(List<StageChoice> stages)
      throws IOException {
    Map<StageChoice, MatchedStage> matched = new LinkedHashMap<>();
    stages.forEach(stage -> match(stage).ifPresent(found -> matched.put(stage, found)));
    Map<String, MatchedShard> shards = new LinkedHashMap<>();
    matched.values().forEach(its -> its.shards().forEach(s -> shards.putIfAbsent(s.key(), s)));
    Inspections.Outcome outcome =
        new Inspections(request.workspace(), request.runner(), progress, "inspect", "all")
            .inspect(List.copyOf(shards.values()))
            .withoutMetrics();
    Map<StageChoice, Preparation.ReadShards> read = new LinkedHashMap<>();
    matched.forEach((stage, its) -> read.put(stage, new Preparation.ReadShards(its, outcome)));
    return read;
  }

  /**
   * A stage's shards; empty where it cannot be listed: when its turn comes it is listed again, and
   * its failure is recorded.
   */
  private Optional<MatchedStage> match(StageChoice stage) {
    try {
      return Optional.of(Preparation.match(request.of(stage), request.repository().resolve(stage)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
