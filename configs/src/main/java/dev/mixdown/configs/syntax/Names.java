package dev.mixdown.configs.syntax;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What stages, variants, datasets and tasks may be called. One rule for all of them: names are
 * printed, and many become names of folders.
 */
public final class Names {
  /** The longest name, in characters. */
  public static final int MOST_CHARACTERS = 100;

  /** What an output folder has beside the stages' folders. */
  private static final Set<String> TAKEN = Set.of("current.json", "records", "registry", "online");

  private Names() {}

  /** Why a dataset cannot be called so, as the end of a sentence; empty where it can. */
  public static Optional<String> problem(String name) {
    if (name.isBlank()) {
      return Optional.of("is empty");
    }
    if (name.codePoints().anyMatch(Names::isInvisible)) {
      return Optional.of("has a control character in it; write it without");
    }
    if (name.codePointCount(0, name.length()) > MOST_CHARACTERS) {
      return Optional.of("is longer than %d characters; shorten it".formatted(MOST_CHARACTERS));
    }
    return Optional.empty();
  }

  /** Why a stage, variant or task, which becomes a folder, cannot be called so. */
  public static Optional<String> folderProblem(String name) {
    if (problem(name).isPresent()) {
      return problem(name);
    }
    if (name.matches(".*[/\\\\:*?\"<>|].*")) {
      return Optional.of("has one of / \\ : * ? \" < > | in it, but it becomes a folder's name");
    }
    if (name.startsWith(".") || !name.equals(name.strip())) {
      return Optional.of(
          "begins with a dot or has space around it, but it becomes a folder's name");
    }
    if (TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
      return Optional.of("is what mixdown calls something of its own in the output folder");
    }
    return Optional.empty();
  }

  /**
   * Whether a character is a control character, or changes the direction of the text around it, and
   * so can make a terminal or a reader see something else than what is there.
   */
  public static boolean isInvisible(int character) {
    return Character.isISOControl(character)
        || (character >= 0x200E && character <= 0x200F)
        || (character >= 0x202A && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069)
        || character == 0x061C
        || character == 0x2028
        || character == 0x2029;
  }
}
