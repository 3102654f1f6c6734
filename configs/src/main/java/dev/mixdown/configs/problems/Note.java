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
 * @param column from 1; null likewise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Note(
    @Nullable String path, @Nullable Integer line, @Nullable Integer column, String message) {
  /** Reads it from JSON. */
  @JsonCreator
  public Note(
      @JsonProperty("path") @Nullable String path,
      @JsonProperty("line") @Nullable Integer line,
      @JsonProperty("column") @Nullable Integer column,
      @JsonProperty("message") String message) {
    this.path = path;
    this.line = line;
    this.column = column;
    this.message = message;
  }

  /** Reads it from the text that it was in earlier versions. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Note of(String message) {
    return new Note(null, null, null, message);
  }

  /** A note about the place of a problem. */
  public static Note of(Problem problem) {
    Place place = problem.place();
    return place.line() == 0
        ? new Note(place.file(), null, null, problem.message())
        : new Note(place.file(), place.line(), place.column(), problem.message());
  }

  /** The note in one line. */
  @Override
  public String toString() {
    String where = path == null ? "" : path;
    where += line == null ? "" : ":" + line;
    where += column == null ? "" : ":" + column;
    where += path == null ? "" : ": ";
    return where + message;
  }
}
