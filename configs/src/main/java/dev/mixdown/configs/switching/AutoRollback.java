package dev.mixdown.configs.switching;

import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.review.StageReview;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.Activation;
import dev.mixdown.configs.stages.ActiveStage.Proposal;
import dev.mixdown.configs.stages.EpochsSeen;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Mode;
import dev.mixdown.configs.stages.StageCatalog.Rollback;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageCatalog.SwitchStrategy;
import dev.mixdown.configs.switching.StageCheck.Action;
import dev.mixdown.configs.switching.StageCheck.Answer;
import dev.mixdown.configs.switching.StageCheck.StageSituation;
import dev.mixdown.configs.switching.Switch.Cause;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.Timestamps;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a check does when training has gone wrong by {@code rollback_conditions}: it goes back to
 * the stage before, proposes to, or asks the trainer to pause.
 *
 * <p>The way back leads only to a stage that comes earlier in order: a training that stays bad must
 * not go to and fro between two stages.
 */
final class AutoRollback {
  private final ReleaseRepository repository;
  private final StageSwitcher switcher;

  AutoRollback(ReleaseRepository repository, StageSwitcher switcher) {
    this.repository = repository;
    this.switcher = switcher;
  }

  /**
   * Answers a report under which a rollback condition holds.
   *
   * @return empty when the file changed meanwhile and has to be read again
   */
  Optional<Answer> answer(
      StageState state, EpochsSeen seen, Rollback wrong, Map<String, BigDecimal> metrics)
      throws IOException {
    if (wrong.action() == Rollback.Action.PAUSE) {
      return noted(state, seen, metrics, Action.PAUSED, wrong.text() + " holds", List.of());
    }
    Optional<Arm> earlier = earlier(state);
    if (earlier.isEmpty()) {
      String why = "%s holds, but no earlier stage is there to go back to".formatted(wrong.text());
      return noted(state, seen, metrics, Action.STAY, why, List.of());
    }
    Stage stage = Objects.requireNonNull(state.catalog().stages().get(earlier.get().stage()));
    StageReview review = StageReview.of(repository, stage, earlier.get().variant());
    if (!review.usable()) {
      String why =
          "%s holds, but %s, the stage before, cannot be used"
              .formatted(wrong.text(), earlier.get());
      return noted(state, seen, metrics, Action.STAY, why, review.errors());
    }
    SwitchStrategy strategy = state.catalog().switching();
    return strategy.autoRollback() && strategy.mode() != Mode.MANUAL
        ? goBack(state, seen, wrong, earlier.get(), review, metrics)
        : propose(state, seen, wrong, earlier.get(), metrics);
  }

  /** The stage that was active last of those that come before the current one in order. */
  private static Optional<Arm> earlier(StageState state) {
    StageCatalog catalog = state.catalog();
    List<String> order = catalog.inOrder().stream().map(Stage::key).toList();
    int current = order.indexOf(state.current().orElseThrow().stage());
    List<Activation> history = state.active().map(ActiveStage::history).orElse(List.of());
    for (int i = history.size() - 1; i >= 0; i--) {
      Activation entry = history.get(i);
      int at = entry.stage().map(order::indexOf).orElse(-1);
      if (at >= 0 && at < current) {
        return Optional.of(new Arm(order.get(at), entry.variant()));
      }
    }
    // The first switch came from the default stage, which nobody had recorded.
    return catalog
        .defaultStage()
        .filter(stage -> order.indexOf(stage) >= 0 && order.indexOf(stage) < current)
        .map(stage -> new Arm(stage, Optional.empty()));
  }

  private Optional<Answer> noted(
      StageState state,
      EpochsSeen seen,
      Map<String, BigDecimal> metrics,
      Action action,
      String why,
      List<Problem> unusable)
      throws IOException {
    String current = state.current().orElseThrow().stage();
    if (!switcher.write(state, state.text(repository).seen(current, seen, metrics))) {
      return Optional.empty();
    }
    return Optional.of(answer(action, Optional.empty(), why, unusable, Optional.empty()));
  }

  private Optional<Answer> propose(
      StageState state,
      EpochsSeen seen,
      Rollback wrong,
      Arm target,
      Map<String, BigDecimal> metrics)
      throws IOException {
    Proposal proposal =
        new Proposal(
            target.stage(),
            wrong.text(),
            Optional.of(Timestamps.text(switcher.now(state))),
            Map.copyOf(metrics));
    String current = state.current().orElseThrow().stage();
    if (!switcher.write(state, state.text(repository).proposed(current, seen, metrics, proposal))) {
      return Optional.empty();
    }
    String why =
        "%s holds; \"mixdown stage confirm\" goes back to %s".formatted(wrong.text(), target);
    return Optional.of(answer(Action.PROPOSED, Optional.empty(), why, List.of(), Optional.empty()));
  }

  private Optional<Answer> goBack(
      StageState state,
      EpochsSeen seen,
      Rollback wrong,
      Arm target,
      StageReview review,
      Map<String, BigDecimal> metrics)
      throws IOException {
    String reason = "rollback: " + wrong.text();
    Cause cause =
        new Cause("system", "auto", reason, Optional.of(wrong.text()), Map.copyOf(metrics));
    LoaderChanges changes = switcher.changes(state, StageSwitcher.configs(review));
    if (!switcher.make(state, switcher.plan(state, target, cause), Optional.of(seen))) {
      return Optional.empty();
    }
    return Optional.of(
        answer(Action.SWITCHED, state.current(), reason, List.of(), Optional.of(changes)));
  }

  private Answer answer(
      Action action,
      Optional<Arm> previous,
      String why,
      List<Problem> unusable,
      Optional<LoaderChanges> changes)
      throws IOException {
    return new Answer(
        action,
        repository.active(new Problems()),
        previous,
        why,
        new StageSituation(Optional.empty(), List.of(), unusable),
        changes);
  }
}
