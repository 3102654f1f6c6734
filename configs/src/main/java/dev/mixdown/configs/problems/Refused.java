package dev.mixdown.configs.problems;

/**
 * Ends the reading of a document of which the rest does not matter: it is too large or too deep.
 */
public final class Refused extends RuntimeException {
  private final transient Problem problem;

  public Refused(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
