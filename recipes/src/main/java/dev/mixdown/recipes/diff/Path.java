package dev.mixdown.recipes.diff;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Pointer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in both configs: as text with dots for people, and as a pointer into one of
 * them for programs. It is a chain of steps, since most values are the same in both, and nobody
 * asks for their texts.
 *
 * @param step into the parent's value
 * @param key of a value in an object; of an item of a list, what stands in brackets; else empty
 * @param inA an item's number in the first config; -1 where it is not there
 * @param inB in the second
 */
record Path(@Nullable Path parent, Step step, String key, int inA, int inB) {
  private static final Pattern PLAIN = Pattern.compile("[^.\\[\\]\"\\s\\p{Cntrl}]+");

  private static final Pattern SECRET =
      Pattern.compile(".*([_-]key|token|password|secret)", Pattern.CASE_INSENSITIVE);

  static final Path WHOLE = new Path(null, Step.KEY, "", -1, -1);

  /** The ways into a value. */
  private enum Step {
    KEY,
    NUMBER,
    IDENTITY
  }

  Path child(String itsKey) {
    return new Path(this, Step.KEY, itsKey, -1, -1);
  }

  Path item(int number) {
    return new Path(this, Step.NUMBER, "", number, number);
  }

  /** An item of a list by its identity, with its number in each config, or -1. */
  Path item(String identityKey, String identity, int a, int b) {
    return new Path(this, Step.IDENTITY, identityKey + "=" + quoted(identity), a, b);
  }

  /** Whether the value of a key is never shown. */
  static boolean isSecret(String key) {
    return SECRET.matcher(key).matches();
  }

  /** Whether its value, or one that holds it, is never shown. */
  boolean secret() {
    return parent != null && ((step == Step.KEY && isSecret(key)) || parent.secret());
  }

  /** The last key: of {@code lr[0]}, it is {@code lr}. */
  String name() {
    return step == Step.KEY || parent == null ? key : parent.name();
  }

  /**
   * As {@code optimizer.lr}, {@code stages[name=sft].lr} or {@code lr[0]}; empty for the whole. A
   * key that has a dot, a bracket, a quote or a space in it stands in quotes, so that no two values
   * have the same text.
   */
  String text() {
    if (parent == null) {
      return "";
    }
    String before = parent.text();
    return switch (step) {
      case KEY -> before.isEmpty() ? quoted(key) : before + "." + quoted(key);
      case NUMBER -> before + "[" + inA + "]";
      case IDENTITY -> before + "[" + key + "]";
    };
  }

  private static String quoted(String key) {
    return PLAIN.matcher(key).matches() ? key : Json.spaced(key);
  }

  /** As people see it. */
  String shown() {
    return parent == null ? "(document)" : text();
  }

  /**
   * Its JSON pointer (RFC 6901) in one of the configs.
   *
   * @param first whether the first is meant
   */
  Pointer pointer(boolean first) {
    if (parent == null) {
      return Pointer.ROOT;
    }
    Pointer before = parent.pointer(first);
    return step == Step.KEY ? before.child(key) : before.child(first ? inA : inB);
  }
}
