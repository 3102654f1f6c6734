package dev.mixdown.configs.switching;

import dev.mixdown.configs.Timestamps;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A switch from one stage to another.
 *
 * @param number which switch of the repository it is, from 1
 * @param at when
 * @param from the stage that ends; empty where none was recorded
 * @param to the stage that begins
 * @param variant the arm that begins, where one is named
 * @param by {@code system}, {@code user} or {@code scheduler}
 * @param trigger {@code auto}, {@code manual} or {@code hybrid}
 * @param reason what becomes {@code switch_reason}
 * @param condition what held; empty for a switch by hand
 * @param metadata what else the switch log keeps: metrics, or why the fallback was entered
 */
public record Switch(
    long number,
    LocalDateTime at,
    Optional<String> from,
    String to,
    Optional<String> variant,
    String by,
    String trigger,
    String reason,
    Optional<String> condition,
    Map<String, ?> metadata) {

  /** The line of the switch log. */
  Map<String, @Nullable Object> line() {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("timestamp", Timestamps.text(at));
    line.put("event", "stage_switch");
    line.put("from_stage", from.orElse(null));
    line.put("to_stage", to);
    line.put("trigger", trigger);
    line.put("condition", condition.orElse(null));
    Map<String, @Nullable Object> all = new LinkedHashMap<>(metadata);
    variant.ifPresent(v -> all.put("variant", v));
    if (condition.isEmpty()) {
      all.put("reason", reason);
    }
    all.put("by", by);
    line.put("metadata", all);
    line.put("switch", number);
    return line;
  }
}
