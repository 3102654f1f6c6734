package dev.mixdown.pipelines;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** Which mixdown this is. */
public final class Version {
  /**
   * Changes whenever the same inputs would give other parts than before. A manifest that the change
   * cannot touch keeps the version, and so the id, that it had.
   */
  public static final int PLANNER = 2;

  private Version() {}

  /** The release, as the build names it. */
  public static String mixdown() {
    return property("version").orElse("unknown");
  }

  /** The commit that was built, abbreviated; empty where the sources are of no git checkout. */
  public static Optional<String> commit() {
    return property("commit").filter(commit -> commit.matches("[0-9a-f]{7,40}"));
  }

  private static Optional<String> property(String name) {
    try (InputStream in = Version.class.getResourceAsStream("/mixdown.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return Optional.ofNullable(properties.getProperty(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
