package dev.mixdown.configs.problems;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Something that a user may want to know, as documents and {@code --json} have it.
 *
 * @param path what it is about: a file, or the URI of one; null for the work as a whole
 * @param line from 1; null where it is about the file as a whole
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Note(@Nullable String path, @Nullable Integer line, String message) {
  /** Reads it from JSON. */
  @JsonCreator
  public Note(
      @JsonProperty("path") @Nullable String path,
      @JsonProperty("line") @Nullable Integer line,
      @JsonProperty("message") String message) {
    this.path = path;
    this.line = line;
    this.message = message;
  }

  /** Reads it from the text that it was in earlier versions. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Note of(String message) {
    return new Note(null, null, message);
  }

  /** A note about the place of a problem. */
  public static Note of(Problem problem) {
    Place place = problem.place();
    return new Note(place.file(), place.line() == 0 ? null : place.line(), problem.message());
  }

  /** The note in one line. */
  @Override
  public String toString() {
    String where = path == null ? "" : line == null ? path + ": " : path + ":" + line + ": ";
    return where + message;
  }
}
