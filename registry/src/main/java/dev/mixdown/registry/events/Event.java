package dev.mixdown.registry.events;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/**
 * An event, ready to be sent.
 *
 * @param type {@code start}, {@code complete} or {@code fail}
 * @param json in one line
 */
public record Event(Instant time, UUID run, String type, String json) {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** A file's name for it: names sort as events happened. */
  String file() {
    // A run may begin and end in the same moment.
    return "%s-%s-%d-%s.json".formatted(FORM.format(time), run, type.equals("start") ? 1 : 2, type);
  }
}
