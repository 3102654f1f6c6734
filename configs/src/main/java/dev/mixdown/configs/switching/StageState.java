package dev.mixdown.configs.switching;

import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.EpochsSeen;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.syntax.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A repository with stages, as it was at one moment.
 *
 * @param bytes of {@code active_stage.yaml}; empty where there is none
 * @param active what they say
 * @param recorded the stage that was recorded as active
 */
record StageState(
    StageCatalog catalog,
    Optional<byte[]> bytes,
    Optional<ActiveStage> active,
    Optional<Arm> recorded) {

  /**
   * Reads it.
   *
   * @throws dev.mixdown.configs.problems.ConfigException when it cannot be read, or has no stages
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
    Optional<Arm> recorded =
        active.flatMap(a -> a.stage().map(stage -> new Arm(stage, a.variant())));
    return new StageState(catalog.orElseThrow(), bytes, active, recorded);
  }

  /** The text of {@code active_stage.yaml}, to be changed. */
  ActiveStageText text(ReleaseRepository repository) {
    return new ActiveStageText(
        catalog,
        repository.activeFile(),
        bytes.map(b -> new String(b, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "")),
        active);
  }

  /** The stage that is active: the recorded one, else the default. */
  Optional<Arm> current() {
    return recorded.or(() -> catalog.defaultStage().map(stage -> new Arm(stage, Optional.empty())));
  }

  /** What differs once somebody has switched. */
  List<Optional<?>> activation() {
    return List.of(
        recorded, active.flatMap(ActiveStage::activatedAt), active.map(a -> a.history().size()));
  }

  /** How many switches there were; where nobody counted, as many as the history has entries. */
  long switches() {
    Object last = active.map(a -> a.lastSwitch().get("switch")).orElse(null);
    return last instanceof Number number
        ? number.longValue()
        : active.map(a -> (long) a.history().size()).orElse(0L);
  }

  Optional<EpochsSeen> progress() {
    return active.flatMap(ActiveStage::progress);
  }
}
