package dev.mixdown.configs.switching;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.review.StageReview;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.Activation;
import dev.mixdown.configs.stages.ActiveStage.Proposal;
import dev.mixdown.configs.stages.EpochsSeen;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.switching.Switch.Cause;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Switches stages by hand. A switch is one atomic replacement of {@code active_stage.yaml}, made
 * only if nobody else has changed the active stage since it was read.
 */
public final class StageSwitcher {
  private final ReleaseRepository repository;
  private final Clock clock;
  private final SwitchLog log;

  public StageSwitcher(ReleaseRepository repository, Clock clock) {
    this.repository = repository;
    this.clock = clock;
    this.log = new SwitchLog(repository);
  }

  /**
   * How a switch ended.
   *
   * @param made the switch; empty where the stage was active already
   * @param arm what is active now
   * @param changes what a loader has to do about it
   * @param warnings of the new stage's configs
   */
  public record Switched(
      Optional<Switch> made, Arm arm, LoaderChanges changes, List<Problem> warnings) {}

  /**
   * Enters a stage.
   *
   * @param arm without a variant, the arms of an A/B stage go by unit
   * @param by {@code system}, {@code user} or {@code scheduler}
   * @throws ConfigException when there is no such stage, or it is unusable
   * @throws SwitchException when somebody else switched at the same time
   */
  public Switched enter(Arm arm, String by, String reason) throws IOException {
    return enter(read(), arm, Cause.byHand(by, reason));
  }

  /**
   * The stage that was active before the current one.
   *
   * @throws SwitchException when the history names none
   */
  public Arm previous() throws IOException {
    return previous(read());
  }

  /** Enters the stage again that was active before the current one. */
  public Switched rollback(String by, String reason) throws IOException {
    StageState state = read();
    return enter(state, previous(state), Cause.byHand(by, reason));
  }

  private Arm previous(StageState state) {
    List<Activation> history = state.active().map(ActiveStage::history).orElse(List.of());
    for (int i = history.size() - 1; i >= 0; i--) {
      Activation entry = history.get(i);
      Optional<Arm> arm = entry.stage().map(stage -> new Arm(stage, entry.variant()));
      if (arm.isPresent() && !arm.equals(state.recorded())) {
        return arm.get();
      }
    }
    // The first switch came from the default stage, which nobody had recorded.
    Object from = state.active().map(a -> a.lastSwitch().get("from_stage")).orElse(null);
    if (from instanceof String stage) {
      return new Arm(stage, Optional.empty());
    }
    throw new SwitchException(
        "there is no stage to go back to: the history in %s names no other"
            .formatted(repository.activeFile()));
  }

  /**
   * The switch that a check has proposed.
   *
   * @throws SwitchException when none is
   */
  public Proposal proposal() throws IOException {
    return proposal(read());
  }

  private static Proposal proposal(StageState state) {
    return state
        .active()
        .flatMap(ActiveStage::proposal)
        .orElseThrow(() -> new SwitchException("no switch is proposed; nothing was changed"));
  }

  /** Makes the switch that a check has proposed. */
  public Switched confirm(String by) throws IOException {
    StageState state = read();
    Proposal proposal = proposal(state);
    Cause cause =
        new Cause(
            by,
            "hybrid",
            AutoSwitch.reason(proposal.condition(), proposal.metrics()),
            Optional.of(proposal.condition()),
            proposal.metrics());
    return enter(state, new Arm(proposal.stage(), Optional.empty()), cause);
  }

  private Switched enter(StageState first, Arm arm, Cause cause) throws IOException {
    for (StageState state = first; ; state = read()) {
      StageReview review = usable(stage(state.catalog(), arm), arm.variant());
      if (state.recorded().equals(Optional.of(arm))) {
        log.complete(state.active());
        return new Switched(
            Optional.empty(), arm, LoaderChanges.of(configs(review), configs(review)), List.of());
      }
      refuseOther(first, state);
      Switch to = plan(state, arm, cause);
      if (make(state, to, state.progress())) {
        return new Switched(
            Optional.of(to), arm, changes(state, configs(review)), warnings(review, state));
      }
    }
  }

  private List<Problem> warnings(StageReview review, StageState before) {
    List<Problem> warnings = new ArrayList<>(review.warnings());
    ActiveStageText.wronglyAhead(before.active(), LocalDateTime.now(clock))
        .ifPresent(
            time ->
                warnings.add(
                    new Problem(
                        Place.of(repository.activeFile()),
                        "/history",
                        "it has the time %s, which is still to come; this switch is recorded at the time of this machine: check the clocks"
                            .formatted(Timestamps.text(time)))));
    return warnings;
  }

  /** The repository as it is now. */
  StageState read() throws IOException {
    return StageState.read(repository);
  }

  private static void refuseOther(StageState first, StageState now) {
    if (!first.activation().equals(now.activation())) {
      throw new SwitchException(
          "another process switched at the same time: %s is active since %s, by %s; nothing was changed, look at it and switch again if you still want to"
              .formatted(
                  now.current().map(Arm::toString).orElse("no stage"),
                  now.active().flatMap(ActiveStage::activatedAt).orElse("now"),
                  now.active().flatMap(ActiveStage::activatedBy).orElse("somebody")));
    }
  }

  private static Stage stage(StageCatalog catalog, Arm arm) {
    Problems problems = new Problems();
    Stage stage = catalog.stages().get(arm.stage());
    if (stage == null) {
      problems.add(
          catalog.file(),
          "there is no stage \"%s\"%s"
              .formatted(arm.stage(), DidYouMean.hint(arm.stage(), catalog.stages().keySet())));
      throw new ConfigException(problems.list());
    }
    if (arm.variant().isPresent() && !stage.variants().containsKey(arm.variant().get())) {
      String variant = arm.variant().get();
      problems.add(
          stage.node(),
          stage.variants().isEmpty()
              ? "stage \"%s\" has no variants; leave \"%s\" out".formatted(stage.key(), variant)
              : "stage \"%s\" has no variant \"%s\"%s"
                  .formatted(
                      stage.key(), variant, DidYouMean.hint(variant, stage.variants().keySet())));
    }
    problems.throwIfAny();
    return stage;
  }

  private StageReview usable(Stage stage, Optional<String> variant) throws IOException {
    StageReview review = StageReview.of(repository, stage, variant);
    if (!review.usable()) {
      throw new ConfigException(review.errors());
    }
    return review;
  }

  /** A switch that begins now, or when the clock is a little behind, with what happened last. */
  Switch plan(StageState state, Arm arm, Cause cause) {
    // The default stage may be in use without ever having been recorded as active.
    Optional<String> from =
        state
            .current()
            .map(Arm::stage)
            .filter(stage -> state.recorded().isPresent() || !stage.equals(arm.stage()));
    return new Switch(
        state.switches() + 1,
        now(state),
        from,
        from.flatMap(stage -> state.current().flatMap(Arm::variant)),
        arm.stage(),
        arm.variant(),
        cause);
  }

  LocalDateTime now(StageState state) {
    return ActiveStageText.notBefore(
        state.active(), LocalDateTime.now(clock).truncatedTo(ChronoUnit.SECONDS));
  }

  /** Makes a switch, unless the file is another by now. */
  boolean make(StageState state, Switch to, Optional<EpochsSeen> seen) throws IOException {
    log.refuseUnwritable();
    Optional<EpochsSeen> begin =
        seen.map(
            s ->
                new EpochsSeen(
                    s.epoch(), to.at(), s.epoch(), to.at(), s.checkedEpoch(), List.of()));
    if (!write(state, state.text(repository).switched(to, begin))) {
      return false;
    }
    try {
      log.add(to.line());
    } catch (IOException e) {
      // The switch is made, and its line is in last_switch: the next switch adds it.
    }
    return true;
  }

  /** Writes the file, unless it is another by now. */
  boolean write(StageState state, String text) throws IOException {
    String folder = StoragePath.folder(repository.activeFile());
    if (!repository.storage().isWritable(folder)) {
      throw new SwitchException(
          "nothing can be written in %s, where the active stage is recorded; make it writable, or let STAGE_CONFIG_PATH name a copy that is"
              .formatted(folder));
    }
    log.complete(state.active());
    repository.storage().removeAbandonedDrafts(folder);
    return repository
        .storage()
        .replace(repository.activeFile(), state.bytes(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** What a loader has to do when it comes from the current stage. */
  LoaderChanges changes(StageState state, List<DatasetConfig> to) throws IOException {
    return LoaderChanges.of(configs(state, state.current()), to);
  }

  /** The dataset configs of a stage: that of its arm, or of all its arms where none is set. */
  List<DatasetConfig> configs(StageState state, Optional<Arm> arm) throws IOException {
    Optional<Stage> stage =
        arm.flatMap(a -> Optional.ofNullable(state.catalog().stages().get(a.stage())));
    return stage.isEmpty()
        ? List.of()
        : configs(StageReview.of(repository, stage.get(), arm.flatMap(Arm::variant)));
  }

  static List<DatasetConfig> configs(StageReview review) {
    return review.configs().stream().map(Resolution::config).toList();
  }
}
