package dev.mixdown.configs.syntax;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * Times and durations as a release repository writes them: {@code 2025-09-23 10:30:00}, in the time
 * zone of the machine (set {@code TZ} where machines differ), and {@code 2 days, 3:30:00}.
 */
public final class Timestamps {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private Timestamps() {}

  /** A time as text, to the second. */
  public static String text(LocalDateTime time) {
    return FORM.format(time);
  }

  /**
   * The time that people, or other programs, wrote: with a space or a {@code T}, with or without
   * seconds and offset.
   *
   * @return empty when it is none of these
   */
  public static Optional<LocalDateTime> parse(String text) {
    String iso = text.strip().replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) +", "$1T");
    try {
      if (iso.matches("\\d{4}-\\d{2}-\\d{2}")) {
        return Optional.of(LocalDateTime.parse(iso + "T00:00:00"));
      }
      LocalDateTime time =
          iso.matches(".*T.*([Zz]|[+-]\\d{2}:?\\d{2})")
              ? OffsetDateTime.parse(iso.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2"))
                  .atZoneSameInstant(ZoneId.systemDefault())
                  .toLocalDateTime()
              : LocalDateTime.parse(iso);
      return Optional.of(time.truncatedTo(ChronoUnit.SECONDS));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /**
   * The moment that people, or other programs, wrote; in the machine's zone where they say none.
   */
  public static Optional<Instant> instant(String text) {
    return parse(text).map(local -> local.atZone(ZoneId.systemDefault()).toInstant());
  }

  /** How long it is from one time to another, by the clocks of this time zone. */
  public static Duration between(LocalDateTime from, LocalDateTime to) {
    ZoneId zone = ZoneId.systemDefault();
    return Duration.between(from.atZone(zone), to.atZone(zone));
  }

  /** A duration as text: {@code 2 days, 3:30:00}, as Python prints it too. */
  public static String text(Duration duration) {
    long days = duration.toDays();
    String clock =
        String.format(
            Locale.ROOT,
            "%d:%02d:%02d",
            duration.toHoursPart(),
            duration.toMinutesPart(),
            duration.toSecondsPart());
    return days == 0 ? clock : (days == 1 ? "1 day, " : days + " days, ") + clock;
  }
}
