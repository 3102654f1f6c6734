package dev.mixdown.configs.switching;

import dev.mixdown.configs.ActiveStage;
import dev.mixdown.configs.Condition;
import dev.mixdown.configs.EpochsSeen;
import dev.mixdown.configs.ReleaseRepository;
import dev.mixdown.configs.StageCatalog.Mode;
import dev.mixdown.configs.StageCatalog.Stage;
import dev.mixdown.configs.StageCatalog.SwitchStrategy;
import dev.mixdown.configs.Timestamps;
import dev.mixdown.configs.review.StageReview;
import dev.mixdown.configs.switching.StageSwitcher.State;
import dev.mixdown.configs.switching.SwitchRules.Candidate;
import dev.mixdown.configs.tree.ConfigException;
import dev.mixdown.configs.tree.Problem;
import dev.mixdown.configs.tree.Problems;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a trainer asks after each epoch: go on with this stage, or with another?
 *
 * <p>Every report is noted in {@code active_stage.yaml}. At the epochs of {@code check_interval}
 * the conditions of the stages to come are looked at; the first stage in order of which all hold is
 * entered ({@code auto}), proposed ({@code hybrid}) or only named ({@code manual}).
 */
public final class StageCheck {
  private final ReleaseRepository repository;
  private final StageSwitcher switcher;
  private final SwitchLog log;

  public StageCheck(ReleaseRepository repository, Clock clock) {
    this.repository = repository;
    this.switcher = new StageSwitcher(repository, clock);
    this.log = new SwitchLog(repository);
  }

  /** What a trainer has to do. */
  public enum Action {
    /** Go on. */
    STAY,
    /** The active stage is another than the trainer's: load its data. */
    SWITCHED,
    /** Go on; a person is asked to confirm a switch. */
    PROPOSED
  }

  /**
   * The answer.
   *
   * @param active what {@code active_stage.yaml} says now; empty where there is none
   * @param previous the trainer's stage, where it is another
   * @param why in a sentence
   * @param changes what a loader has to do after a switch
   */
  public record Answer(
      Action action,
      Optional<ActiveStage> active,
      Optional<String> previous,
      String why,
      Looked looked,
      Optional<LoaderChanges> changes) {}

  /**
   * What was looked at.
   *
   * @param nextCheck the epoch at which conditions are looked at next; empty where they never are
   * @param candidates what was found of each stage to come; empty where it was not the time to look
   * @param unusable why a stage whose conditions hold was not entered
   */
  public record Looked(
      Optional<Long> nextCheck, List<Candidate> candidates, List<Problem> unusable) {
    private static final Looked NOT = new Looked(Optional.empty(), List.of(), List.of());
  }

  /**
   * Notes a report, and answers it.
   *
   * @param trainers the stage that the trainer is in, where it says so
   * @param now whether conditions are looked at whatever the interval says
   * @throws ConfigException when the repository cannot be read, or neither the stage to enter nor
   *     the fallback is usable
   */
  public Answer check(Observation report, Optional<String> trainers, boolean now)
      throws IOException {
    Optional<String> pinned = repository.pinned();
    if (pinned.isPresent()) {
      return stay(
          pinned.get() + " decides the stage or its config, so nothing is switched", Looked.NOT);
    }
    Problems problems = new Problems();
    if (repository.catalog(problems).isEmpty() && problems.isEmpty()) {
      return stay("the repository has no stages", Looked.NOT);
    }
    Optional<String> before = trainers;
    while (true) {
      State state = switcher.read();
      if (state.current().isEmpty()) {
        return stay("no stage is active, and default_stage names none", Looked.NOT);
      }
      String current = state.current().get();
      if (before.isPresent() && !before.get().equals(current)) {
        // Switched by a person, or by another of the trainer's processes.
        return switched(state, before.get());
      }
      Optional<Answer> answer =
          state.active().flatMap(ActiveStage::stage).isEmpty()
              ? begin(state, current)
              : answer(state, current, report, now);
      if (answer.isPresent()) {
        return answer.get();
      }
      before = Optional.of(current);
    }
  }

  /** Records the default stage as active; what was reported is looked at in the next round. */
  private Optional<Answer> begin(State state, String stage) throws IOException {
    Switch begin =
        new Switch(
            1,
            switcher.now(state),
            Optional.empty(),
            stage,
            Optional.empty(),
            "system",
            "auto",
            "training_start",
            Optional.of("training_start"),
            Map.of());
    // Whether it was us or somebody else: it is recorded now.
    var unused = switcher.make(state, begin, Optional.empty());
    return Optional.empty();
  }

  /** Answers a report; empty when the file changed meanwhile and has to be read again. */
  private Optional<Answer> answer(State state, String current, Observation report, boolean now)
      throws IOException {
    SwitchStrategy strategy = state.catalog().switching();
    long interval = strategy.checkInterval();
    Optional<EpochsSeen> old =
        state
            .progress()
            // An earlier epoch than before: a new run, or one that began again at a checkpoint.
            .filter(p -> report.epoch().map(epoch -> epoch >= p.epoch()).orElse(true));
    boolean due =
        now
            || report.epoch().isEmpty()
            || SwitchRules.isDue(
                interval, old.flatMap(EpochsSeen::checkedEpoch), report.epoch().get());
    EpochsSeen seen = seen(old, report, due, switcher.now(state));
    Map<String, BigDecimal> metrics = metrics(seen, report);
    Set<String> events = new LinkedHashSet<>(seen.events());
    List<Candidate> candidates =
        due ? SwitchRules.candidates(state.catalog(), current, metrics, events) : List.of();
    Optional<Candidate> chosen = candidates.stream().filter(Candidate::holds).findFirst();
    long nextCheck = SwitchRules.nextCheck(interval, seen.epoch());
    if (chosen.isPresent() && strategy.mode() != Mode.MANUAL) {
      Looked looked = new Looked(Optional.of(nextCheck), candidates, List.of());
      return enter(state, seen, chosen.get(), metrics, looked);
    }
    if (!switcher.write(state, state.text(repository.activeFile()).seen(current, seen))) {
      return Optional.empty();
    }
    String why =
        !due
            ? "conditions are looked at every %d epochs, next at epoch %d"
                .formatted(interval, nextCheck)
            : chosen.isPresent()
                ? "the conditions of %s hold, but the mode is manual: switch-stage %s enters it"
                    .formatted(chosen.get().stage().key(), chosen.get().stage().key())
                : candidates.isEmpty()
                    ? "no stage follows by itself"
                    : "no stage's conditions hold";
    return Optional.of(stay(why, new Looked(Optional.of(nextCheck), candidates, List.of())));
  }

  private Optional<Answer> enter(
      State state,
      EpochsSeen seen,
      Candidate chosen,
      Map<String, BigDecimal> metrics,
      Looked looked)
      throws IOException {
    String current = state.current().orElseThrow();
    String wanted = chosen.stage().key();
    StageReview review = StageReview.of(repository, chosen.stage());
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(metrics);
    String target = wanted;
    String reason = chosen.condition();
    List<Problem> unusable = review.errors();
    if (!review.usable()) {
      target = fallback(state, unusable);
      review = StageReview.of(repository, stage(state, target));
      if (!review.usable() && !target.equals(current)) {
        Problems both = new Problems();
        unusable.forEach(both::add);
        review.errors().forEach(both::add);
        throw new ConfigException(both.list());
      }
      reason = "fallback: %s cannot be used".formatted(wanted);
      metadata.put("intended_stage", wanted);
      metadata.put("problems", unusable.stream().map(Problem::toString).toList());
    }
    Looked all = new Looked(looked.nextCheck(), looked.candidates(), unusable);
    ActiveStageText text = state.text(repository.activeFile());
    LocalDateTime at = switcher.now(state);
    if (target.equals(current)) {
      if (!switcher.write(state, text.seen(current, seen))) {
        return Optional.empty();
      }
      log.add(fallbackLine(at, current, chosen, metadata));
      String why =
          "%s cannot be used, and the fallback is the stage that is active".formatted(wanted);
      return Optional.of(stay(why, all));
    }
    if (state.catalog().switching().mode() == Mode.HYBRID) {
      String proposed = target;
      Optional<ActiveStage.Proposal> pending =
          state.active().flatMap(ActiveStage::proposal).filter(p -> p.stage().equals(proposed));
      LocalDateTime since =
          pending.flatMap(ActiveStage.Proposal::proposedAt).flatMap(Timestamps::parse).orElse(at);
      if (!switcher.write(state, text.proposed(current, seen, target, reason, since, metadata))) {
        return Optional.empty();
      }
      String why = "%s; \"mixdown stage confirm\" enters %s".formatted(reason, target);
      return Optional.of(
          new Answer(Action.PROPOSED, active(), Optional.empty(), why, all, Optional.empty()));
    }
    Switch to =
        switcher.plan(
            state,
            target,
            Optional.empty(),
            "system",
            "auto",
            reason,
            Optional.of(chosen.condition()),
            metadata);
    LoaderChanges changes = switcher.changes(state, review);
    if (!switcher.make(state, to, Optional.of(seen))) {
      return Optional.empty();
    }
    return Optional.of(
        new Answer(
            Action.SWITCHED, active(), Optional.of(current), reason, all, Optional.of(changes)));
  }

  private static String fallback(State state, List<Problem> unusable) {
    return state
        .catalog()
        .switching()
        .fallbackStage()
        .orElseThrow(() -> new ConfigException(unusable));
  }

  private static Stage stage(State state, String key) {
    return Objects.requireNonNull(state.catalog().stages().get(key));
  }

  private static Map<String, @Nullable Object> fallbackLine(
      LocalDateTime at, String current, Candidate chosen, Map<String, ?> metadata) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("timestamp", Timestamps.text(at));
    line.put("event", "stage_fallback");
    line.put("from_stage", current);
    line.put("to_stage", current);
    line.put("trigger", "auto");
    line.put("condition", chosen.condition());
    line.put("metadata", metadata);
    return line;
  }

  private static EpochsSeen seen(
      Optional<EpochsSeen> old, Observation report, boolean due, LocalDateTime at) {
    long epoch = report.epoch().or(() -> old.map(EpochsSeen::epoch)).orElse(0L);
    Set<String> events = new LinkedHashSet<>(old.map(EpochsSeen::events).orElse(List.of()));
    events.addAll(report.events());
    Optional<Long> checked =
        due && report.epoch().isPresent() ? report.epoch() : old.flatMap(EpochsSeen::checkedEpoch);
    boolean sameEpoch = old.isPresent() && old.get().epoch() == epoch;
    return new EpochsSeen(
        old.map(EpochsSeen::firstEpoch).orElse(epoch),
        old.map(EpochsSeen::firstAt).orElse(at),
        epoch,
        sameEpoch ? old.get().at() : at,
        checked,
        new ArrayList<>(events));
  }

  private static Map<String, BigDecimal> metrics(EpochsSeen seen, Observation report) {
    Map<String, BigDecimal> metrics = new LinkedHashMap<>();
    metrics.put(Condition.EPOCH, BigDecimal.valueOf(seen.epoch()));
    metrics.putAll(report.metrics());
    return metrics;
  }

  private Optional<ActiveStage> active() throws IOException {
    return repository.active(new Problems());
  }

  private Answer stay(String why, Looked looked) throws IOException {
    return new Answer(Action.STAY, active(), Optional.empty(), why, looked, Optional.empty());
  }

  private Answer switched(State state, String before) throws IOException {
    String current = state.current().orElseThrow();
    String why =
        "%s is active since %s: %s"
            .formatted(
                current,
                state.active().flatMap(ActiveStage::activatedAt).orElse("before"),
                state.active().flatMap(ActiveStage::reason).orElse("no reason is given"));
    return new Answer(
        Action.SWITCHED,
        state.active(),
        Optional.of(before),
        why,
        Looked.NOT,
        Optional.of(switcher.changesBetween(state, before, current)));
  }
}
