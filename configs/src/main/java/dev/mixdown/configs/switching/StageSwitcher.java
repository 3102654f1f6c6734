package dev.mixdown.configs.switching;

import dev.mixdown.configs.ActiveStage;
import dev.mixdown.configs.ActiveStage.Activation;
import dev.mixdown.configs.ActiveStage.Proposal;
import dev.mixdown.configs.DatasetConfig;
import dev.mixdown.configs.EpochsSeen;
import dev.mixdown.configs.ReleaseRepository;
import dev.mixdown.configs.ReleaseRepository.Resolution;
import dev.mixdown.configs.StageCatalog;
import dev.mixdown.configs.StageCatalog.Stage;
import dev.mixdown.configs.review.StageReview;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.configs.tree.ConfigException;
import dev.mixdown.configs.tree.DidYouMean;
import dev.mixdown.configs.tree.Problem;
import dev.mixdown.configs.tree.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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
   * @param changes what a loader has to do about it
   * @param warnings of the new stage's configs
   */
  public record Switched(
      Optional<Switch> made, String stage, LoaderChanges changes, List<Problem> warnings) {}

  /**
   * Enters a stage.
   *
   * @param variant the arm of an A/B stage; without one its arms go by unit
   * @param by {@code system}, {@code user} or {@code scheduler}
   * @throws ConfigException when there is no such stage, or it is unusable
   * @throws SwitchException when somebody else switched at the same time
   */
  public Switched enter(String stage, Optional<String> variant, String by, String reason)
      throws IOException {
    StageState first = read();
    for (StageState state = first; ; state = read()) {
      Stage target = stage(state.catalog(), stage, variant);
      StageReview review = usable(target);
      if (state.active().flatMap(ActiveStage::stage).equals(Optional.of(stage))
          && state.active().flatMap(ActiveStage::variant).equals(variant)) {
        return new Switched(
            Optional.empty(), stage, LoaderChanges.of(configs(review), configs(review)), List.of());
      }
      refuseOther(first, state);
      Switch to = plan(state, stage, variant, by, "manual", reason, Optional.empty(), Map.of());
      if (make(state, to, state.progress())) {
        return new Switched(Optional.of(to), stage, changes(state, review), review.warnings());
      }
    }
  }

  /**
   * A stage that was active, with its arm.
   *
   * @param variant empty where none was set
   */
  public record Arm(String stage, Optional<String> variant) {}

  /**
   * The stage that was active before the current one.
   *
   * @throws SwitchException when the history names none
   */
  public Arm previous() throws IOException {
    StageState state = read();
    List<Activation> history = state.active().map(ActiveStage::history).orElse(List.of());
    for (int i = history.size() - 2; i >= 0; i--) {
      Activation before = history.get(i);
      boolean current =
          before.stage().equals(state.current())
              && before.variant().equals(state.active().flatMap(ActiveStage::variant));
      if (before.stage().isPresent() && !current) {
        return new Arm(before.stage().get(), before.variant());
      }
    }
    throw new SwitchException(
        "there is no stage to go back to: the history in %s names no other"
            .formatted(repository.activeFile()));
  }

  /** Enters the stage again that was active before the current one. */
  public Switched rollback(String by, String reason) throws IOException {
    Arm before = previous();
    return enter(before.stage(), before.variant(), by, reason);
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
    StageState first = read();
    for (StageState state = first; ; state = read()) {
      refuseOther(first, state);
      Proposal proposal = proposal(state);
      StageReview review = usable(stage(state.catalog(), proposal.stage(), Optional.empty()));
      Switch to =
          plan(
              state,
              proposal.stage(),
              Optional.empty(),
              by,
              "hybrid",
              proposal.condition(),
              Optional.of(proposal.condition()),
              proposal.metrics());
      if (make(state, to, state.progress())) {
        return new Switched(
            Optional.of(to), proposal.stage(), changes(state, review), review.warnings());
      }
    }
  }

  /** The repository as it is now. */
  StageState read() throws IOException {
    return StageState.read(repository);
  }

  private static void refuseOther(StageState first, StageState now) {
    if (!first.activation().equals(now.activation())) {
      throw new SwitchException(
          "somebody else switched at the same time: %s is active since %s, by %s; nothing was changed, look at it and switch again if you still want to"
              .formatted(
                  now.current().orElse("no stage"),
                  now.active().flatMap(ActiveStage::activatedAt).orElse("now"),
                  now.active().flatMap(ActiveStage::activatedBy).orElse("somebody")));
    }
  }

  private Stage stage(StageCatalog catalog, String key, Optional<String> variant) {
    Problems problems = new Problems();
    Stage stage = catalog.stages().get(key);
    if (stage == null) {
      problems.add(
          catalog.file(),
          "there is no stage \"%s\"%s"
              .formatted(key, DidYouMean.hint(key, catalog.stages().keySet())));
      throw new ConfigException(problems.list());
    }
    if (variant.isPresent() && !stage.variants().containsKey(variant.get())) {
      problems.add(
          stage.node(),
          stage.variants().isEmpty()
              ? "stage \"%s\" has no variants; leave \"%s\" out".formatted(key, variant.get())
              : "stage \"%s\" has no variant \"%s\"%s"
                  .formatted(
                      key,
                      variant.get(),
                      DidYouMean.hint(variant.get(), stage.variants().keySet())));
    }
    problems.throwIfAny();
    return stage;
  }

  private StageReview usable(Stage stage) throws IOException {
    StageReview review = StageReview.of(repository, stage);
    if (!review.usable()) {
      throw new ConfigException(review.errors());
    }
    return review;
  }

  /** A switch that begins now, or when the clock is behind, with the last thing that happened. */
  Switch plan(
      StageState state,
      String stage,
      Optional<String> variant,
      String by,
      String trigger,
      String reason,
      Optional<String> condition,
      Map<String, ?> metadata) {
    return new Switch(
        number(state),
        now(state),
        // The default stage may be in use without ever having been recorded as active.
        state.current().filter(current -> state.isRecorded() || !current.equals(stage)),
        stage,
        variant,
        by,
        trigger,
        reason,
        condition,
        metadata);
  }

  private static long number(StageState state) {
    Object last = state.active().map(a -> a.lastSwitch().get("switch")).orElse(null);
    return last instanceof Number number
        ? number.longValue() + 1
        : state.active().map(a -> (long) a.history().size()).orElse(0L) + 1;
  }

  LocalDateTime now(StageState state) {
    return ActiveStageText.notBefore(
        state.active(), LocalDateTime.now(clock).truncatedTo(ChronoUnit.SECONDS));
  }

  /** Makes a switch, unless the file is another by now. */
  boolean make(StageState state, Switch to, Optional<EpochsSeen> seen) throws IOException {
    Optional<EpochsSeen> begin =
        seen.map(
            s ->
                new EpochsSeen(
                    s.epoch(), to.at(), s.epoch(), to.at(), s.checkedEpoch(), List.of()));
    if (!write(state, state.text(repository).switched(to, begin))) {
      return false;
    }
    log.add(to.line());
    return true;
  }

  /** Writes the file, unless it is another by now. */
  boolean write(StageState state, String text) throws IOException {
    String folder = Storage.folder(repository.activeFile());
    if (!Storage.isWritable(folder)) {
      throw new SwitchException(
          "nothing can be written in %s, where the active stage is recorded; make it writable, or let STAGE_CONFIG_PATH name a copy that is"
              .formatted(folder));
    }
    log.complete(state.active());
    return Storage.replace(
        repository.activeFile(), state.bytes(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** What a loader has to do when it comes from the current stage. */
  LoaderChanges changes(StageState state, StageReview review) throws IOException {
    return LoaderChanges.of(configs(state, state.current()), configs(review));
  }

  /** What a loader has to do when it goes from one stage to another. */
  LoaderChanges changesBetween(StageState state, String from, String to) throws IOException {
    return LoaderChanges.of(configs(state, Optional.of(from)), configs(state, Optional.of(to)));
  }

  private List<DatasetConfig> configs(StageState state, Optional<String> stage) throws IOException {
    Stage known = stage.map(key -> state.catalog().stages().get(key)).orElse(null);
    return known == null ? List.of() : configs(StageReview.of(repository, known));
  }

  private static List<DatasetConfig> configs(StageReview review) {
    return review.configs().stream().map(Resolution::config).toList();
  }
}
