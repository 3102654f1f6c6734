package dev.mixdown.service.access;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.storage.Causes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may call, by the secrets that callers know. Nothing here ever shows one. */
public final class Tokens {
  /** A token of fewer characters is guessed too soon. */
  private static final int SHORTEST = 16;

  private static final String WHAT = "the token file";

  private final Map<String, byte[]> byName;

  private Tokens(Map<String, byte[]> byName) {
    this.byName = byName;
  }

  /** Nobody is asked for a token. */
  public static Tokens none() {
    return new Tokens(Map.of());
  }

  /**
   * Reads a file with a line {@code name:token} for each caller; empty lines and those that begin
   * with {@code #} are left out.
   *
   * @throws ConfigException when it cannot be read, or a line is not of that form
   */
  public static Tokens in(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(WHAT, file.toString(), "cannot be read" + Causes.inBrackets(e));
    }
    Map<String, byte[]> byName = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Optional<String> wrong = wrong(line, byName);
      if (wrong.isPresent()) {
        problems.add(new Problem(Place.of(file + ":" + (i + 1)), "", wrong.get()));
      } else {
        int colon = line.indexOf(':');
        byName.put(line.substring(0, colon).strip(), bytes(line.substring(colon + 1).strip()));
      }
    }
    if (problems.isEmpty() && byName.isEmpty()) {
      problems.add(
          new Problem(Place.of(file.toString()), "", "has no line of the form name:token"));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(WHAT, problems);
    }
    return new Tokens(byName);
  }

  private static Optional<String> wrong(String line, Map<String, byte[]> known) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip();
    if (!name.matches("[\\w.@-]{1,64}")) {
      return Optional.of(
          "a line name:token is expected, with a name of letters, digits, dots, dashes and @");
    }
    if (known.containsKey(name)) {
      return Optional.of("the name " + name + " is there twice");
    }
    return line.substring(colon + 1).strip().length() < SHORTEST
        ? Optional.of(
            "the token of %s has fewer than %d characters; \"openssl rand -hex 32\" makes a good one"
                .formatted(name, SHORTEST))
        : Optional.empty();
  }

  private static byte[] bytes(String token) {
    return token.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether nobody is asked for one. */
  public boolean isEmpty() {
    return byName.isEmpty();
  }

  /**
   * Whose token it is; empty for nobody's. It takes the same time whatever is wrong with it, but
   * for its length.
   */
  public Optional<String> nameOf(String token) {
    byte[] given = bytes(token);
    Optional<String> found = Optional.empty();
    for (Map.Entry<String, byte[]> known : byName.entrySet()) {
      if (MessageDigest.isEqual(known.getValue(), given)) {
        found = Optional.of(known.getKey());
      }
    }
    return found;
  }
}
