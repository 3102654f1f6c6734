package dev.mixdown.registry;

import java.util.List;

/** An id, or the beginning of one, that a registry does not have, or has several times. */
public final class IdException extends RuntimeException {
  private final transient List<String> candidates;

  private IdException(String message, List<String> candidates) {
    super(message);
    this.candidates = List.copyOf(candidates);
  }

  /** Nothing has this id. */
  public static IdException unknown(String text, String registry, String advice) {
    return new IdException("\"%s\" is not in %s; %s".formatted(text, registry, advice), List.of());
  }

  /** Too little of an id is said. */
  public static IdException tooShort(String text, int least) {
    return new IdException(
        "\"%s\" is too short; say at least %d digits".formatted(text, least), List.of());
  }

  /**
   * Several things begin so.
   *
   * @param candidates what may be meant, a line each
   */
  public static IdException ambiguous(String text, List<String> candidates) {
    return new IdException(
        "\"%s\" may be any of %d; say more of the one you mean:".formatted(text, candidates.size()),
        candidates);
  }

  /** What may be meant. */
  public List<String> candidates() {
    return candidates;
  }
}
