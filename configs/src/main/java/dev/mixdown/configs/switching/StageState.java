package dev.mixdown.configs.switching;

import dev.mixdown.configs.ActiveStage;
import dev.mixdown.configs.EpochsSeen;
import dev.mixdown.configs.ReleaseRepository;
import dev.mixdown.configs.StageCatalog;
import dev.mixdown.configs.tree.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A repository with stages, as it was at one moment.
 *
 * @param bytes of {@code active_stage.yaml}; empty where there is none
 * @param active what they say
 * @param current the stage that is active, or the default where none was recorded
 */
record StageState(
    StageCatalog catalog,
    Optional<byte[]> bytes,
    Optional<ActiveStage> active,
    Optional<String> current) {

  /**
   * Reads it.
   *
   * @throws dev.mixdown.configs.tree.ConfigException when it cannot be read, or has no stages
   */
  static StageState read(ReleaseRepository repository) throws IOException {
    Problems problems = new Problems();
    Optional<StageCatalog> catalog = repository.catalog(problems);
    Optional<byte[]> bytes = repository.activeBytes();
    Optional<ActiveStage> active = repository.active(bytes, problems);
    if (catalog.isEmpty() && problems.isEmpty()) {
      problems.add(
          repository.folder(),
          "this repository has no stages: there is no %s; write one to switch between stages"
              .formatted(ReleaseRepository.STAGE_CONFIG));
    }
    problems.throwIfAny();
    StageCatalog stages = catalog.orElseThrow();
    return new StageState(
        stages, bytes, active, active.flatMap(ActiveStage::stage).or(stages::defaultStage));
  }

  /** The text of {@code active_stage.yaml}, to be changed. */
  ActiveStageText text(ReleaseRepository repository) {
    return new ActiveStageText(
        catalog,
        repository.activeFile(),
        bytes.map(b -> new String(b, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "")),
        active);
  }

  /** Whether some stage was recorded as active. */
  boolean isRecorded() {
    return active.flatMap(ActiveStage::stage).isPresent();
  }

  /** What differs once somebody has switched. */
  List<Optional<?>> activation() {
    return List.of(
        active.flatMap(ActiveStage::stage),
        active.flatMap(ActiveStage::variant),
        active.flatMap(ActiveStage::activatedAt),
        active.map(a -> a.history().size()));
  }

  Optional<EpochsSeen> progress() {
    return active.flatMap(ActiveStage::progress);
  }
}
