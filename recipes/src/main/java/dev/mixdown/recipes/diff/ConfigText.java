package dev.mixdown.recipes.diff;

import dev.mixdown.configs.syntax.FileText;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import java.util.Optional;

/** Reads the config in a file, as it is to be compared: JSON, or YAML 1.2. */
public final class ConfigText {
  private ConfigText() {}

  /**
   * The tree of a file: JSON by its name or where it begins with a brace or bracket and is JSON,
   * else YAML.
   *
   * @return empty with a problem where it is neither
   */
  public static Optional<Node> read(byte[] bytes, String file, Problems problems) {
    return FileText.of(bytes, file, problems).flatMap(text -> read(text, file, problems));
  }

  private static Optional<Node> read(String text, String file, Problems problems) {
    boolean yaml = file.endsWith(".yaml") || file.endsWith(".yml");
    if (yaml || (!file.endsWith(".json") && !text.stripLeading().matches("(?s)[{\\[].*"))) {
      return YamlTree.values(text, file, problems);
    }
    return JsonTree.values(text, file, problems);
  }
}
