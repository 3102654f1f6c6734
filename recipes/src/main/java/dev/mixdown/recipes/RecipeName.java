package dev.mixdown.recipes;

import java.util.Optional;
import java.util.Set;

/**
 * How people name a recipe: {@code sft_basic}, whose newest version is meant, or {@code
 * sft_basic@1.0.0}.
 */
public record RecipeName(String id, Optional<Version> version) {
  /** What an id may not be: addresses of the service. */
  private static final Set<String> RESERVED = Set.of("task-types", "tags", "apply", "validate");

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException with a message for people, when it is none
   */
  public static RecipeName parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return new RecipeName(text, Optional.empty());
    }
    String version = text.substring(at + 1);
    return new RecipeName(
        text.substring(0, at),
        Optional.of(
            Version.of(version)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "\"%s\" is no version; write it as 1.0.0".formatted(version)))));
  }

  /** Why a recipe cannot have this id, as the end of a sentence; empty where it can. */
  public static Optional<String> idProblem(String id) {
    if (RESERVED.contains(id)) {
      return Optional.of("is reserved; choose another");
    }
    return id.matches("[a-z0-9][a-z0-9_-]{0,99}")
        ? Optional.empty()
        : Optional.of("may have small letters, digits, _ and -, and at most 100 of them");
  }

  @Override
  public String toString() {
    return id + version.map(v -> "@" + v).orElse("");
  }
}
