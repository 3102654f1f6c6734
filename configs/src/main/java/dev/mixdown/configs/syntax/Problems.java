package dev.mixdown.configs.syntax;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the problems of all files of a run, so that a user sees them all at once. */
public final class Problems {
  private final String what;
  private final List<Problem> found = new ArrayList<>();

  /** Those of the config. */
  public Problems() {
    this(ConfigException.CONFIG);
  }

  /**
   * @param what cannot be used if there are any, for a headline
   */
  public Problems(String what) {
    this.what = what;
  }

  /** Adds a problem with the value of {@code node}. */
  public void add(Node node, String message) {
    found.add(new Problem(node.place(), node.pointer(), message));
  }

  /** Adds a problem with the file as a whole. */
  public void add(String file, String message) {
    found.add(new Problem(Place.of(file), "", message));
  }

  /** Adds a problem with a place of its own. */
  public void add(Problem problem) {
    found.add(problem);
  }

  /** Problems with their places, for programs. */
  public static ArrayNode json(List<Problem> problems) {
    ArrayNode array = Json.array();
    for (Problem problem : problems) {
      ObjectNode error = array.addObject().put("path", problem.place().file());
      if (problem.place().line() > 0) {
        error.put("line", problem.place().line()).put("column", problem.place().column());
      }
      if (!problem.pointer().isEmpty()) {
        error.put("pointer", problem.pointer());
      }
      error.put("message", problem.message());
    }
    return array;
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** The problems so far, by file and line. */
  public List<Problem> list() {
    return found.stream()
        .sorted(
            Comparator.comparing((Problem p) -> p.place().file())
                .thenComparingInt(p -> p.place().line())
                .thenComparingInt(p -> p.place().column()))
        .distinct()
        .toList();
  }

  /**
   * Ends the reading here if anything was found.
   *
   * @throws ConfigException with all problems
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigException(what, list());
    }
  }
}
