package dev.mixdown.configs.stages;

import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Timestamps;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The epochs that checks have seen since a stage became active, from which follows how long one
 * takes.
 *
 * @param firstEpoch the first, at least 0
 * @param firstAt when it was reported
 * @param epoch the latest, at least {@code firstEpoch}
 * @param at when it was reported
 * @param checkedEpoch the latest at which the conditions were looked at; empty when they never were
 * @param events what has happened, in the order in which it was reported
 */
public record EpochsSeen(
    long firstEpoch,
    LocalDateTime firstAt,
    long epoch,
    LocalDateTime at,
    Optional<Long> checkedEpoch,
    List<String> events) {

  /** Reads what {@code active_stage.yaml} keeps; empty where it does not say enough. */
  static Optional<EpochsSeen> read(Fields fields) {
    Optional<Long> firstEpoch = fields.integer("first_epoch", 0, StageCatalog.MOST_EPOCHS);
    Optional<LocalDateTime> firstAt = fields.scalar("first_at").flatMap(Timestamps::parse);
    Optional<Long> epoch = fields.integer("epoch", 0, StageCatalog.MOST_EPOCHS);
    Optional<LocalDateTime> at = fields.scalar("at").flatMap(Timestamps::parse);
    Optional<Long> checked = fields.integer("checked_epoch", 0, StageCatalog.MOST_EPOCHS);
    List<String> events = List.copyOf(fields.texts("events"));
    return firstEpoch.isPresent() && firstAt.isPresent() && epoch.isPresent() && at.isPresent()
        ? Optional.of(
            new EpochsSeen(firstEpoch.get(), firstAt.get(), epoch.get(), at.get(), checked, events))
        : Optional.empty();
  }

  /** The same, but for the epoch at which the conditions were looked at last. */
  public EpochsSeen checkedAt(Optional<Long> checked) {
    return new EpochsSeen(firstEpoch, firstAt, epoch, at, checked, events);
  }

  /**
   * When an epoch will be over, if each takes as long as those seen did on average.
   *
   * @return empty when fewer than two epochs were seen, or it is over already
   */
  public Optional<LocalDateTime> estimate(long later) {
    if (epoch <= firstEpoch || later <= epoch) {
      return Optional.empty();
    }
    double seconds = Timestamps.between(firstAt, at).toSeconds();
    double left = seconds / (epoch - firstEpoch) * (later - epoch);
    // Beyond a century nobody plans; an overflow would tell nonsense.
    return seconds < 0 || left > 3e9 ? Optional.empty() : Optional.of(at.plusSeconds((long) left));
  }
}
