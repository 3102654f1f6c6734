package dev.mixdown.configs.problems;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that people wrote and that cannot be used as it stands, with every problem found in it:
 * a release repository's config, or what else they hand in.
 */
public final class ConfigException extends RuntimeException {
  /** What release repositories consist of. */
  public static final String CONFIG = "the config";

  private final String what;
  private final transient List<Problem> problems;

  /** Problems of the config. */
  public ConfigException(List<Problem> problems) {
    this(CONFIG, problems);
  }

  /**
   * @param what cannot be used, for a headline: "the config"
   */
  public ConfigException(String what, List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.what = what;
    this.problems = List.copyOf(problems);
  }

  /** One problem with a file as a whole. */
  public ConfigException(String what, String file, String message) {
    this(what, List.of(new Problem(Place.of(file), "", message)));
  }

  /** What cannot be used, for a headline. */
  public String what() {
    return what;
  }

  /** The problems, in the order of their places. */
  public List<Problem> problems() {
    return problems;
  }
}
