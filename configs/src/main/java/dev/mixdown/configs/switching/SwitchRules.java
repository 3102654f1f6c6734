package dev.mixdown.configs.switching;

import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.Condition.Comparison;
import dev.mixdown.configs.stages.EpochsSeen;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** When which stage is entered by itself. */
public final class SwitchRules {
  private SwitchRules() {}

  /**
   * A condition, and whether it holds.
   *
   * @param value of the metric that it compares, where that was reported
   */
  public record Finding(Condition condition, boolean holds, Optional<BigDecimal> value) {}

  /** A stage that may be entered, and what was found of each of its conditions. */
  public record Candidate(Stage stage, List<Finding> findings) {
    /** Whether all conditions hold. */
    public boolean holds() {
      return findings.stream().allMatch(Finding::holds);
    }

    /** All conditions in one line. */
    public String condition() {
      return stage.condition();
    }
  }

  /** The stages after {@code current} that may be entered by themselves, in order. */
  public static List<Stage> enterable(StageCatalog catalog, String current) {
    return catalog.after(current).stream()
        .filter(stage -> !stage.manual() && !stage.conditions().isEmpty())
        .toList();
  }

  /** What is found of each stage that may be entered; the first that holds is the one to enter. */
  public static List<Candidate> candidates(
      StageCatalog catalog, String current, Map<String, BigDecimal> metrics, Set<String> events) {
    return enterable(catalog, current).stream()
        .map(
            stage ->
                new Candidate(
                    stage,
                    stage.conditions().stream()
                        .map(c -> new Finding(c, c.holds(metrics, events), value(c, metrics)))
                        .toList()))
        .toList();
  }

  private static Optional<BigDecimal> value(Condition condition, Map<String, BigDecimal> metrics) {
    return condition instanceof Comparison comparison
        ? Optional.ofNullable(metrics.get(comparison.metric()))
        : Optional.empty();
  }

  /**
   * Whether conditions are looked at after an epoch: whether a multiple of the interval has been
   * reached since they were last looked at.
   *
   * @param interval at least 1
   */
  public static boolean isDue(long interval, Optional<Long> checkedEpoch, long epoch) {
    return checkedEpoch.isEmpty() || epoch / interval > checkedEpoch.get() / interval;
  }

  /** The next epoch at which conditions are looked at. */
  public static long nextCheck(long interval, long epoch) {
    return (epoch / interval + 1) * interval;
  }

  /**
   * When a stage is likely to be entered: at the first check at which its epochs are over.
   *
   * @return empty where its conditions do not wait for an epoch, or none is known to come when
   */
  static Optional<LocalDateTime> estimate(Stage stage, long interval, EpochsSeen seen) {
    return stage.conditions().stream()
        .flatMap(condition -> firstEpoch(condition).stream())
        .max(BigDecimal::compareTo)
        // No training has more epochs.
        .filter(epoch -> epoch.compareTo(BigDecimal.valueOf(StageCatalog.MOST_EPOCHS)) <= 0)
        .map(epoch -> epoch.setScale(0, RoundingMode.CEILING).longValueExact())
        .map(epoch -> Math.floorDiv(epoch + interval - 1, interval) * interval)
        .flatMap(seen::estimate);
  }

  private static Optional<BigDecimal> firstEpoch(Condition condition) {
    if (!(condition instanceof Comparison c) || !c.metric().equals(Condition.EPOCH)) {
      return Optional.empty();
    }
    return switch (c.relation()) {
      case AT_LEAST, EQUAL -> Optional.of(c.bound());
      case ABOVE -> Optional.of(c.bound().setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE));
      default -> Optional.empty();
    };
  }
}
