package dev.mixdown.configs.switching;

import dev.mixdown.configs.ActiveStage;
import dev.mixdown.configs.Condition;
import dev.mixdown.configs.EpochsSeen;
import dev.mixdown.configs.ReleaseRepository;
import dev.mixdown.configs.StageCatalog.Mode;
import dev.mixdown.configs.StageCatalog.SwitchStrategy;
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
import java.util.Optional;
import java.util.Set;

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
  private final AutoSwitch auto;

  public StageCheck(ReleaseRepository repository, Clock clock) {
    this.repository = repository;
    this.switcher = new StageSwitcher(repository, clock);
    this.auto = new AutoSwitch(repository, switcher);
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
      StageState state = switcher.read();
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
  private Optional<Answer> begin(StageState state, String stage) throws IOException {
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
  private Optional<Answer> answer(StageState state, String current, Observation report, boolean now)
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
      return auto.enter(state, seen, chosen.get(), metrics, looked);
    }
    if (!switcher.write(state, state.text(repository).seen(current, seen))) {
      return Optional.empty();
    }
    String why =
        due
            ? whyStay(candidates, chosen)
            : "conditions are looked at every %d epochs, next at epoch %d"
                .formatted(interval, nextCheck);
    return Optional.of(stay(why, new Looked(Optional.of(nextCheck), candidates, List.of())));
  }

  private static String whyStay(List<Candidate> candidates, Optional<Candidate> chosen) {
    if (chosen.isPresent()) {
      String key = chosen.get().stage().key();
      return "the conditions of %s hold, but the mode is manual: switch-stage %s enters it"
          .formatted(key, key);
    }
    return candidates.isEmpty() ? "no stage follows by itself" : "no stage's conditions hold";
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

  private Answer switched(StageState state, String before) throws IOException {
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
