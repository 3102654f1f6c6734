package dev.mixdown.configs.problems;

/**
 * One thing that is wrong with a config.
 *
 * @param place where it stands
 * @param pointer the JSON pointer of the value, empty for the document as a whole
 * @param message what is wrong, and what to do about it
 */
public record Problem(Place place, String pointer, String message) {
  @Override
  public String toString() {
    return place + ": " + message;
  }
}
