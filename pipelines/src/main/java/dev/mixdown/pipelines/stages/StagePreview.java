package dev.mixdown.pipelines.stages;

import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.plan.KnownMix;
import dev.mixdown.storage.Reach;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out what a switch would give, from what the ledger knows; no data is read. */
public final class StagePreview {
  private final ReleaseRepository repository;
  private final Clock clock;
  private final Workspace workspace;

  public StagePreview(ReleaseRepository repository, Clock clock, Workspace workspace) {
    this.repository = repository.unforced();
    this.clock = clock;
    this.workspace = workspace;
  }

  /**
   * A preview of each arm that is meant.
   *
   * @param stage a stage's key, or a dataset config's file; empty for the active stage
   * @param named what else was said of it: a variant, a config, tasks
   */
  public List<MixPreview> of(Optional<String> stage, StageChoice named) throws IOException {
    Reach reach = Reach.impatient(repository.storage());
    StageStatus status = StageStatus.of(repository, clock);
    Optional<KnownMix> before = Optional.empty();
    if (!status.configs().isEmpty()) {
      before = Optional.of(KnownMix.of(repository, status.configs().get(0), workspace, reach));
    }
    List<MixPreview> previews = new ArrayList<>();
    for (StageChoice choice : choices(stage, named, status)) {
      Resolution resolution = repository.resolve(choice);
      Optional<KnownMix> other =
          before.filter(b -> !b.resolution().folder().equals(resolution.folder()));
      previews.add(MixPreview.of(KnownMix.of(repository, resolution, workspace, reach), other));
    }
    return previews;
  }

  private List<StageChoice> choices(Optional<String> stage, StageChoice named, StageStatus status)
      throws IOException {
    Optional<StageCatalog> catalog = repository.catalog(new Problems());
    String key = stage.or(status::stage).orElse("");
    Optional<Stage> known = catalog.flatMap(c -> Optional.ofNullable(c.stages().get(key)));
    if (known.isEmpty() && stage.isPresent() && repository.isFile(stage.get())) {
      return List.of(
          new StageChoice(Optional.empty(), named.variant(), Optional.empty())
              .with(stage, named.tasks()));
    }
    // What is wrong with another one is reported when it is resolved.
    return named.config().isPresent() || known.isEmpty()
        ? List.of(named)
        : known.get().choices(named.variant()).stream()
            .map(choice -> choice.with(named.config(), named.tasks()))
            .toList();
  }
}
