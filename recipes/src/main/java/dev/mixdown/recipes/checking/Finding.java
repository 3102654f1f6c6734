package dev.mixdown.recipes.checking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.util.Locale;

/**
 * Something that a rule found.
 *
 * @param rule its name in docs/recipes.md, where its source stands
 * @param parameter that it is about; empty for the data as a whole
 */
public record Finding(Level level, String rule, String parameter, String message) {
  /** How bad it is. */
  public enum Level {
    ERROR,
    WARNING,
    NOTICE;

    /** As documents have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding error(String rule, String parameter, String message) {
    return new Finding(Level.ERROR, rule, parameter, message);
  }

  static Finding warning(String rule, String parameter, String message) {
    return new Finding(Level.WARNING, rule, parameter, message);
  }

  static Finding notice(String rule, String parameter, String message) {
    return new Finding(Level.NOTICE, rule, parameter, message);
  }

  /** Whether nobody need do anything about it. */
  public boolean isNotice() {
    return level == Level.NOTICE;
  }

  /** Whether the config, or the data, cannot be used. */
  public boolean isError() {
    return level == Level.ERROR;
  }

  /** The finding as documents have it. */
  public ObjectNode json() {
    return Json.object()
        .put("level", level.word())
        .put("rule", rule)
        .put("parameter", parameter)
        .put("message", message);
  }
}
