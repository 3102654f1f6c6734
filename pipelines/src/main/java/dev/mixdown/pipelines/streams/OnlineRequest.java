package dev.mixdown.pipelines.streams;

import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.MaxRejected;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.registry.Registry;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.manifest.ManifestFormat;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person asks for when a stream goes on. It travels to workers, each of which reads the
 * config for itself: it may change while a stream runs.
 *
 * @param repository where the configs lie
 * @param stage the stage that is meant
 * @param output the folder that all stages' manifests and streams lie in
 * @param registry the registry's folder, which knows manifests elsewhere
 * @param workspace where indexes are kept while a shard is not in the chain
 * @param format of the parts
 * @param full whether every record is parsed
 * @param maxRejected how many bad records a shard may have; null for any number
 * @param runner how many workers read shards
 * @param singleWriter whether a person says that nobody else writes to the stream
 */
public record OnlineRequest(
    ReleaseRepository repository,
    Stage stage,
    String output,
    String registry,
    Workspace workspace,
    ManifestFormat format,
    boolean full,
    @Nullable MaxRejected maxRejected,
    RunnerSettings runner,
    boolean singleWriter)
    implements Serializable {
  /**
   * A stage as a person names it.
   *
   * @param key null for what the repository decides
   * @param variant null for what it decides
   * @param config null for the stage's
   */
  public record Stage(
      @Nullable String key, @Nullable String variant, @Nullable String config, List<String> tasks)
      implements Serializable {
    /** The choice as it travels. */
    public static Stage of(StageChoice choice) {
      return new Stage(
          choice.stage().isPresent() ? choice.stage().get() : null,
          choice.variant().isPresent() ? choice.variant().get() : null,
          choice.config().isPresent() ? choice.config().get() : null,
          List.copyOf(choice.tasks()));
    }
  }

  /** The stage that is meant. */
  public StageChoice choice() {
    return new StageChoice(
            Optional.ofNullable(stage.key()),
            Optional.ofNullable(stage.variant()),
            Optional.empty())
        .with(Optional.ofNullable(stage.config()), stage.tasks());
  }

  /** Where the manifests are found that are replayed or held out. */
  public RuleSources sources() throws IOException {
    return new RuleSources(
        Optional.of(output), new Registry(workspace.storage(), registry, damage -> {}), workspace);
  }

  /** The same with a workspace of the stream's own. */
  public OnlineRequest of(String streamId) {
    Workspace own =
        new Workspace(
            workspace.storage(), StoragePath.resolve(workspace.folder(), "online/" + streamId));
    return new OnlineRequest(
        repository, stage, output, registry, own, format, full, maxRejected, runner, singleWriter);
  }
}
