package dev.mixdown.configs.switching;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.review.StageReview;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.Proposal;
import dev.mixdown.configs.stages.EpochsSeen;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Mode;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.switching.StageCheck.Action;
import dev.mixdown.configs.switching.StageCheck.Answer;
import dev.mixdown.configs.switching.StageCheck.StageSituation;
import dev.mixdown.configs.switching.Switch.Cause;
import dev.mixdown.configs.switching.SwitchRules.Candidate;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.Timestamps;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Enters the stage whose conditions hold ({@code auto}), or proposes it ({@code hybrid}); where it
 * cannot be used, the fallback in its place.
 */
final class AutoSwitch {
  /** In the switch log's metadata: the stage that could not be used. */
  static final String INTENDED = "intended_stage";

  private final ReleaseRepository repository;
  private final StageSwitcher switcher;
  private final SwitchLog log;

  AutoSwitch(ReleaseRepository repository, StageSwitcher switcher) {
    this.repository = repository;
    this.switcher = switcher;
    this.log = new SwitchLog(repository);
  }

  /**
   * Enters or proposes.
   *
   * @param chosen the stage whose conditions hold
   * @param metrics what was reported
   * @return empty when the file changed meanwhile and has to be read again
   * @throws ConfigException when neither the stage nor the fallback is usable
   */
  Optional<Answer> enter(
      StageState state,
      EpochsSeen seen,
      Candidate chosen,
      Map<String, BigDecimal> metrics,
      StageSituation looked)
      throws IOException {
    Target target;
    try {
      target = target(state, chosen, metrics);
    } catch (ConfigException e) {
      // What was reported is not lost, but nobody has looked at it yet.
      EpochsSeen unchecked = seen.checkedAt(state.progress().flatMap(EpochsSeen::checkedEpoch));
      String text =
          state.text(repository).seen(state.current().orElseThrow().stage(), unchecked, metrics);
      if (switcher.write(state, text)) {
        throw e;
      }
      return Optional.empty();
    }
    StageSituation all =
        new StageSituation(looked.nextCheck(), looked.candidates(), target.unusable());
    if (isCurrent(state, target.stage())) {
      return stayInFallback(state, seen, metrics, target, all);
    }
    return state.catalog().switching().mode() == Mode.HYBRID
        ? propose(state, seen, metrics, target, all)
        : switchTo(state, seen, target, all);
  }

  /**
   * What is to be entered: a stage whose conditions hold, or the fallback in its place.
   *
   * @param metadata what the switch log keeps of it
   * @param unusable why the fallback has to serve; empty where it has not
   */
  private record Target(
      Candidate chosen,
      String stage,
      StageReview review,
      Map<String, @Nullable Object> metadata,
      List<Problem> unusable) {}

  private Target target(StageState state, Candidate chosen, Map<String, BigDecimal> metrics)
      throws IOException {
    StageReview review = StageReview.of(repository, chosen.stage(), Optional.empty());
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(metrics);
    String wanted = chosen.stage().key();
    if (review.usable()) {
      return new Target(chosen, wanted, review, metadata, List.of());
    }
    StageCatalog catalog = state.catalog();
    Stage fallback =
        catalog
            .switching()
            .fallbackStage()
            .map(key -> catalog.stages().get(key))
            .orElseThrow(() -> new ConfigException(review.errors()));
    StageReview second = StageReview.of(repository, fallback, Optional.empty());
    if (!second.usable() && !isCurrent(state, fallback.key())) {
      Problems both = new Problems();
      review.errors().forEach(both::add);
      second.errors().forEach(both::add);
      throw new ConfigException(both.list());
    }
    metadata.put(INTENDED, wanted);
    metadata.put("problems", review.errors().stream().map(Problem::toString).toList());
    return new Target(chosen, fallback.key(), second, metadata, review.errors());
  }

  private Optional<Answer> stayInFallback(
      StageState state,
      EpochsSeen seen,
      Map<String, BigDecimal> metrics,
      Target target,
      StageSituation looked)
      throws IOException {
    if (!switcher.write(state, state.text(repository).seen(target.stage(), seen, metrics))) {
      return Optional.empty();
    }
    log.add(fallbackLine(switcher.now(state), target));
    String why =
        "%s cannot be used, and the fallback is the stage that is active"
            .formatted(target.chosen().stage().key());
    return Optional.of(answer(Action.STAY, why, looked));
  }

  private Optional<Answer> propose(
      StageState state,
      EpochsSeen seen,
      Map<String, BigDecimal> metrics,
      Target target,
      StageSituation looked)
      throws IOException {
    LocalDateTime since =
        state
            .active()
            .flatMap(ActiveStage::proposal)
            .filter(pending -> pending.stage().equals(target.stage()))
            .flatMap(Proposal::proposedAt)
            .flatMap(Timestamps::parse)
            .orElse(switcher.now(state));
    Proposal proposal =
        new Proposal(
            target.stage(),
            target.chosen().condition(),
            Optional.of(Timestamps.text(since)),
            target.metadata());
    if (!switcher.write(
        state,
        state
            .text(repository)
            .proposed(state.current().orElseThrow().stage(), seen, metrics, proposal))) {
      return Optional.empty();
    }
    String why =
        "%s; \"mixdown stage confirm\" enters %s"
            .formatted(reason(target.chosen().condition(), target.metadata()), target.stage());
    return Optional.of(answer(Action.PROPOSED, why, looked));
  }

  private Optional<Answer> switchTo(
      StageState state, EpochsSeen seen, Target target, StageSituation looked) throws IOException {
    Cause cause =
        new Cause(
            "system",
            "auto",
            reason(target.chosen().condition(), target.metadata()),
            Optional.of(target.chosen().condition()),
            target.metadata());
    Switch to = switcher.plan(state, new Arm(target.stage(), Optional.empty()), cause);
    LoaderChanges changes = switcher.changes(state, StageSwitcher.configs(target.review()));
    if (!switcher.make(state, to, Optional.of(seen))) {
      return Optional.empty();
    }
    return Optional.of(
        new Answer(
            Action.SWITCHED,
            repository.active(new Problems()),
            state.current(),
            cause.reason(),
            looked,
            Optional.of(changes)));
  }

  private static Map<String, @Nullable Object> fallbackLine(LocalDateTime at, Target target) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("timestamp", Timestamps.text(at));
    line.put("event", "stage_fallback");
    line.put("from_stage", target.stage());
    line.put("to_stage", target.stage());
    line.put("trigger", "auto");
    line.put("condition", target.chosen().condition());
    line.put("metadata", target.metadata());
    return line;
  }

  private static boolean isCurrent(StageState state, String stage) {
    return state.current().map(Arm::stage).equals(Optional.of(stage));
  }

  /** What {@code switch_reason} says: what held, or that the fallback had to serve. */
  static String reason(String condition, Map<String, ? extends @Nullable Object> metadata) {
    Object intended = metadata.get(INTENDED);
    return intended == null ? condition : "fallback: %s cannot be used".formatted(intended);
  }

  private Answer answer(Action action, String why, StageSituation looked) throws IOException {
    return new Answer(
        action, repository.active(new Problems()), Optional.empty(), why, looked, Optional.empty());
  }
}
