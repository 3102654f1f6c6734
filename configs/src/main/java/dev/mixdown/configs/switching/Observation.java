package dev.mixdown.configs.switching;

import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.stages.Condition;
import dev.mixdown.configs.stages.StageCatalog;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a trainer reports at a check.
 *
 * @param epoch how many epochs are over, at least 0; empty where only an event is reported
 * @param metrics by name, without the epoch, in the order of the report
 * @param events what happened
 */
public record Observation(
    Optional<Long> epoch, Map<String, BigDecimal> metrics, List<String> events) {
  /** Numbers beyond this, or nearer to 0 than its inverse, are taken for it. */
  private static final BigDecimal HUGE = BigDecimal.ONE.scaleByPowerOfTen(60);

  private static final BigDecimal TINY = BigDecimal.ONE.scaleByPowerOfTen(-60);

  /**
   * What a trainer reports, from text.
   *
   * @param metrics numbers by name; one that diverged ({@code nan}, {@code inf}) is left out: no
   *     comparison with it holds
   * @param notes takes what is left out
   * @throws IllegalArgumentException when something in it cannot be
   */
  public static Observation of(
      Optional<Long> epoch,
      Map<String, String> metrics,
      List<String> events,
      Consumer<Note> notes) {
    if (epoch.filter(e -> e < 0 || e > StageCatalog.MOST_EPOCHS).isPresent()) {
      throw new IllegalArgumentException(
          "--epoch is %d; it has to be from 0 to %d"
              .formatted(epoch.get(), StageCatalog.MOST_EPOCHS));
    }
    for (String event : events) {
      if (!Condition.parse(event).equals(Optional.of(new Condition.Event(event)))) {
        throw new IllegalArgumentException(
            "--event \"%s\": an event's name is expected, such as pretraining_complete"
                .formatted(event));
      }
    }
    if (metrics.containsKey(Condition.EPOCH)) {
      throw new IllegalArgumentException("--metric epoch: say the epoch with --epoch");
    }
    Map<String, BigDecimal> numbers = new LinkedHashMap<>();
    metrics.forEach(
        (name, text) -> {
          if (text.toLowerCase(Locale.ROOT).matches("[+-]?(nan|inf|infinity)")) {
            notes.accept(Note.of(name + " is " + text + ", so no condition on it holds"));
          } else {
            numbers.put(name, number(name, text));
          }
        });
    return new Observation(epoch, numbers, List.copyOf(events));
  }

  private static BigDecimal number(String name, String text) {
    try {
      if (text.matches("[+-]?[0-9]{0,40}(\\.[0-9]{0,60})?([eE][+-]?[0-9]{1,3})?")) {
        BigDecimal number = new BigDecimal(text);
        BigDecimal size = number.abs().min(HUGE);
        boolean usual = size.signum() == 0 || size.compareTo(TINY) >= 0;
        BigDecimal within = usual ? size : TINY;
        return number.signum() < 0 ? within.negate() : within;
      }
    } catch (NumberFormatException e) {
      // As any other text.
    }
    throw new IllegalArgumentException("%s is \"%s\"; a number is expected".formatted(name, text));
  }
}
