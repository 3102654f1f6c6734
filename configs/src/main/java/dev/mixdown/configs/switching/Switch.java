package dev.mixdown.configs.switching;

import dev.mixdown.configs.syntax.Timestamps;
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
 * @param from the stage that ends: the recorded one, else the default; empty where the default
 *     itself begins
 * @param fromVariant the arm that ends, where one was set
 * @param to the stage that begins
 * @param variant the arm that begins, where one is named
 * @param cause who made it, and why
 */
public record Switch(
    long number,
    LocalDateTime at,
    Optional<String> from,
    Optional<String> fromVariant,
    String to,
    Optional<String> variant,
    Cause cause) {

  /**
   * Who made a switch, and why.
   *
   * @param by {@code system}, {@code user} or {@code scheduler}
   * @param trigger {@code auto}, {@code manual} or {@code hybrid}
   * @param reason what becomes {@code switch_reason}
   * @param condition what held; empty for a switch by hand
   * @param metadata what else the switch log keeps: metrics, or why the fallback was entered
   */
  public record Cause(
      String by,
      String trigger,
      String reason,
      Optional<String> condition,
      Map<String, ?> metadata) {

    /** A person's, or a scheduler's. */
    static Cause byHand(String by, String reason) {
      return new Cause(by, "manual", reason, Optional.empty(), Map.of("reason", reason));
    }
  }

  /** The stage that ends, with its arm; empty where nothing ends. */
  public Optional<Arm> ended() {
    return from.map(stage -> new Arm(stage, fromVariant));
  }

  /** The line of the switch log. */
  Map<String, @Nullable Object> line() {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("timestamp", Timestamps.text(at));
    line.put("event", "stage_switch");
    line.put("from_stage", from.orElse(null));
    line.put("to_stage", to);
    line.put("trigger", cause.trigger());
    line.put("condition", cause.condition().orElse(null));
    line.put("metadata", cause.metadata());
    variant.ifPresent(v -> line.put("variant", v));
    fromVariant.ifPresent(v -> line.put("from_variant", v));
    line.put("by", cause.by());
    line.put("switch", number);
    return line;
  }
}
