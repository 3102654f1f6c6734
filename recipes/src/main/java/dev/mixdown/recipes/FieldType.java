package dev.mixdown.recipes;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a field of a record has to be. */
public enum FieldType {
  /** Text that is not blank. */
  TEXT("text"),

  /** A list of objects with {@code role} and {@code content}, at least one. */
  MESSAGES("a list of {role, content}"),

  /** Either of both. */
  TEXT_OR_MESSAGES("text, or a list of {role, content}"),

  /** A number. */
  NUMBER("a number"),

  /** Anything but null. */
  ANY("a value");

  private final String title;

  FieldType(String title) {
    this.title = title;
  }

  /** As recipes have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is expected, for people. */
  public String title() {
    return title;
  }

  /** Whether text is one. */
  public boolean takesText() {
    return this == TEXT || this == TEXT_OR_MESSAGES || this == ANY;
  }

  /** Whether a list of messages is one. */
  public boolean takesMessages() {
    return this == MESSAGES || this == TEXT_OR_MESSAGES || this == ANY;
  }

  /** The type of a word. */
  static Optional<FieldType> of(String word) {
    return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
  }

  /** All words. */
  static List<String> words() {
    return Arrays.stream(values()).map(FieldType::word).toList();
  }
}
