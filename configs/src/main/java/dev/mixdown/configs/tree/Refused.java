package dev.mixdown.configs.tree;

/**
 * Ends the reading of a document of which the rest does not matter: it is too large or too deep.
 */
final class Refused extends RuntimeException {
  private final transient Problem problem;

  Refused(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
