package dev.mixdown.cli.options;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.diff.ConfigText;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.util.Optional;

/** A training config in a file. */
public final class ConfigFile {
  private static final String WHAT = "the config";

  private ConfigFile() {}

  /**
   * Reads it.
   *
   * @throws ConfigException when it is not there, or neither JSON nor YAML, or not an object
   */
  public static Node read(Storage storage, String file) throws IOException {
    byte[] bytes =
        storage
            .read(file)
            .orElseThrow(() -> new ConfigException(WHAT, file, "there is no such file"));
    Problems problems = new Problems(WHAT);
    Optional<Node> node = ConfigText.read(bytes, file, problems);
    problems.throwIfAny();
    if (node.orElseThrow() instanceof Node.Mapping mapping) {
      return mapping;
    }
    throw new ConfigException(WHAT, file, "is " + node.get().kind() + "; an object is expected");
  }
}
