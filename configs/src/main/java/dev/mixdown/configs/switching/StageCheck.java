package dev.mixdown.configs.switching;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.review.StageReview;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.EpochsSeen;
import dev.mixdown.configs.stages.StageCatalog.Mode;
import dev.mixdown.configs.stages.StageCatalog.Rollback;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageCatalog.SwitchStrategy;
import dev.mixdown.configs.switching.Switch.Cause;
import dev.mixdown.configs.switching.SwitchRules.Candidate;
import dev.mixdown.configs.syntax.Problems;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a trainer asks after each epoch: go on with this stage, or with another?
 *
 * <p>Every report is noted in {@code active_stage.yaml}. First, at every report, the conditions are
 * looked at under which training has gone wrong. At the epochs of {@code check_interval} the
 * conditions of the stages to come are looked at; the first stage in order of which all hold is
 * entered ({@code auto}), proposed ({@code hybrid}) or only named ({@code manual}).
 */
public final class StageCheck {
  private final ReleaseRepository repository;
  private final StageSwitcher switcher;
  private final AutoSwitch auto;
  private final AutoRollback rollback;

  public StageCheck(ReleaseRepository repository, Clock clock) {
    this.repository = repository;
    this.switcher = new StageSwitcher(repository, clock);
    this.auto = new AutoSwitch(repository, switcher);
    this.rollback = new AutoRollback(repository, switcher);
  }

  /** What a trainer has to do. */
  public enum Action {
    /** Go on. */
    STAY,
    /** The active stage is another than the trainer's: load its data. */
    SWITCHED,
    /** Go on; a person is asked to confirm a switch. */
    PROPOSED,
    /**
     * Stop for now, and keep what is there: something is wrong that another stage does not mend.
     */
    PAUSED
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
      Optional<Arm> previous,
      String why,
      StageSituation looked,
      Optional<LoaderChanges> changes) {}

  /**
   * What was looked at.
   *
   * @param nextCheck the epoch at which conditions are looked at next; empty where they never are
   * @param candidates what was found of each stage to come; empty where it was not the time to look
   * @param unusable why a stage whose conditions hold was not entered
   */
  public record StageSituation(
      Optional<Long> nextCheck, List<Candidate> candidates, List<Problem> unusable) {
    static final StageSituation NOT = new StageSituation(Optional.empty(), List.of(), List.of());
  }

  /**
   * Notes a report, and answers it.
   *
   * @param trainers the stage that the trainer is in, where it says so
   * @param now whether conditions are looked at whatever the interval says
   * @throws ConfigException when the repository cannot be read, or neither the stage to enter nor
   *     the fallback is usable
   */
  public Answer check(Observation report, Optional<Arm> trainers, boolean now) throws IOException {
    Optional<String> pinned = repository.pinned();
    if (pinned.isPresent()) {
      return stay(
          pinned.get() + " decides the stage or its config, so nothing is switched",
          StageSituation.NOT);
    }
    Problems problems = new Problems();
    if (repository.catalog(problems).isEmpty() && problems.isEmpty()) {
      return stay("the repository has no stages", StageSituation.NOT);
    }
    Optional<Arm> before = trainers;
    while (true) {
      StageState state = switcher.read();
      if (before.isPresent() && !state.catalog().stages().containsKey(before.get().stage())) {
        String key = before.get().stage();
        problems.add(
            state.catalog().file(),
            "there is no stage \"%s\", in which the trainer says it is%s"
                .formatted(key, DidYouMean.hint(key, state.catalog().stages().keySet())));
        problems.throwIfAny();
      }
      if (state.current().isEmpty()) {
        return stay("no stage is active, and default_stage names none", StageSituation.NOT);
      }
      Arm current = state.current().get();
      if (before.isPresent() && before.get().differsFrom(current)) {
        // Switched by a person, or by another of the trainer's processes.
        return switched(state, before.get());
      }
      Optional<Answer> answer =
          state.recorded().isEmpty()
              ? begin(state, current)
              : answer(state, current.stage(), report, now);
      if (answer.isPresent()) {
        return answer.get();
      }
      before = Optional.of(current);
    }
  }

  /** Records the default stage as active; what was reported is looked at in the next round. */
  private Optional<Answer> begin(StageState state, Arm stage) throws IOException {
    String reason = "training_start";
    Cause cause = new Cause("system", "auto", reason, Optional.of(reason), Map.of());
    // Whether it was us or somebody else: it is recorded now.
    var unused = switcher.make(state, switcher.plan(state, stage, cause), Optional.empty());
    return Optional.empty();
  }

  /** Answers a report; empty when the file changed meanwhile and has to be read again. */
  private Optional<Answer> answer(StageState state, String current, Observation report, boolean now)
      throws IOException {
    SwitchStrategy strategy = state.catalog().switching();
    long interval = strategy.checkInterval();
    Optional<EpochsSeen> old =
        state
            .progress()
            // A step back by more than a check: a new run, whose epochs count anew. By less:
            // another process, a bit behind.
            .filter(p -> report.epoch().map(epoch -> epoch + interval >= p.epoch()).orElse(true));
    boolean due =
        now
            || report.epoch().isEmpty()
            || SwitchRules.isDue(
                interval, old.flatMap(EpochsSeen::checkedEpoch), report.epoch().get());
    List<String> events =
        new ArrayList<>(state.progress().map(EpochsSeen::events).orElse(List.of()));
    report.events().stream().filter(event -> !events.contains(event)).forEach(events::add);
    EpochsSeen seen = seen(old, report, due, switcher.now(state), events);
    Map<String, BigDecimal> metrics = metrics(seen, report);
    Optional<Rollback> wrong =
        strategy.rollbacks().stream()
            .filter(
                r -> r.conditions().stream().allMatch(c -> c.holds(metrics, Set.copyOf(events))))
            .findFirst();
    if (wrong.isPresent()) {
      // Nobody has looked at the conditions of other stages.
      EpochsSeen unlooked = seen.checkedAt(old.flatMap(EpochsSeen::checkedEpoch));
      return rollback.answer(state, unlooked, wrong.get(), metrics);
    }
    List<Candidate> candidates =
        due
            ? SwitchRules.candidates(state.catalog(), current, metrics, Set.copyOf(events))
            : List.of();
    Optional<Candidate> chosen = candidates.stream().filter(Candidate::holds).findFirst();
    long nextCheck = SwitchRules.nextCheck(interval, seen.epoch());
    Optional<String> broken = unusableBehindFallback(state);
    if (chosen.isPresent() && broken.isEmpty() && strategy.mode() != Mode.MANUAL) {
      StageSituation looked = new StageSituation(Optional.of(nextCheck), candidates, List.of());
      return auto.enter(state, seen, chosen.get(), metrics, looked);
    }
    if (!switcher.write(state, state.text(repository).seen(current, seen, metrics))) {
      return Optional.empty();
    }
    String why =
        due
            ? whyStay(candidates, chosen, broken)
            : "conditions are looked at every %d epochs, next at epoch %d"
                .formatted(interval, nextCheck);
    return Optional.of(
        stay(why, new StageSituation(Optional.of(nextCheck), candidates, List.of())));
  }

  /**
   * The stage in whose place the fallback was entered, if that is still the last switch and the
   * stage still cannot be used. As long as that is so nothing else is entered by itself: the way
   * would lead back to the fallback again and again.
   */
  private Optional<String> unusableBehindFallback(StageState state) throws IOException {
    Object metadata = state.active().map(a -> a.lastSwitch().get("metadata")).orElse(null);
    Object intended = metadata instanceof Map<?, ?> map ? map.get(AutoSwitch.INTENDED) : null;
    Optional<Stage> stage =
        intended == null
            ? Optional.empty()
            : Optional.ofNullable(state.catalog().stages().get(String.valueOf(intended)));
    return stage.isPresent() && !StageReview.of(repository, stage.get(), Optional.empty()).usable()
        ? stage.map(Stage::key)
        : Optional.empty();
  }

  private static String whyStay(
      List<Candidate> candidates, Optional<Candidate> chosen, Optional<String> broken) {
    if (broken.isPresent()) {
      return "the fallback is active, and %s still cannot be used".formatted(broken.get());
    }
    if (chosen.isPresent()) {
      String key = chosen.get().stage().key();
      return "the conditions of %s hold, but the mode is manual: switch-stage %s enters it"
          .formatted(key, key);
    }
    return candidates.isEmpty() ? "no stage follows by itself" : "no stage's conditions hold";
  }

  private static EpochsSeen seen(
      Optional<EpochsSeen> old,
      Observation report,
      boolean due,
      LocalDateTime at,
      List<String> events) {
    long before = old.map(EpochsSeen::epoch).orElse(0L);
    long epoch = Math.max(before, report.epoch().orElse(before));
    Optional<Long> checkedBefore = old.flatMap(EpochsSeen::checkedEpoch);
    Optional<Long> checked =
        due && report.epoch().isPresent()
            ? Optional.of(Math.max(report.epoch().get(), checkedBefore.orElse(0L)))
            : checkedBefore;
    boolean sameEpoch = old.isPresent() && before == epoch;
    return new EpochsSeen(
        old.map(EpochsSeen::firstEpoch).orElse(epoch),
        old.map(EpochsSeen::firstAt).orElse(at),
        epoch,
        sameEpoch ? old.get().at() : at,
        checked,
        List.copyOf(events));
  }

  private static Map<String, BigDecimal> metrics(EpochsSeen seen, Observation report) {
    Map<String, BigDecimal> metrics = new LinkedHashMap<>();
    metrics.put(Condition.EPOCH, BigDecimal.valueOf(report.epoch().orElse(seen.epoch())));
    metrics.putAll(report.metrics());
    return metrics;
  }

  private Optional<ActiveStage> active() throws IOException {
    return repository.active(new Problems());
  }

  private Answer stay(String why, StageSituation looked) throws IOException {
    return new Answer(Action.STAY, active(), Optional.empty(), why, looked, Optional.empty());
  }

  private Answer switched(StageState state, Arm before) throws IOException {
    String why =
        "%s is active since %s: %s"
            .formatted(
                state.current().orElseThrow(),
                state.active().flatMap(ActiveStage::activatedAt).orElse("before"),
                state.active().flatMap(ActiveStage::reason).orElse("no reason is given"));
    List<DatasetConfig> now = switcher.configs(state, state.current());
    return new Answer(
        Action.SWITCHED,
        state.active(),
        Optional.of(before),
        why,
        StageSituation.NOT,
        Optional.of(LoaderChanges.of(switcher.configs(state, Optional.of(before)), now)));
  }
}
