package dev.mixdown.registry.experience;

import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import dev.mixdown.recipes.BundledText;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a metric is better when it is higher, by the words of its name: {@code metrics.yaml}. The
 * last word that the table has decides; {@code reward_std} has none that does, since a spread is
 * neither good nor bad.
 */
public final class MetricDirections {
  private static final String FILE = "metrics.yaml";
  private static final MetricDirections STANDARD = read();

  /** Which values are better. */
  public enum Direction {
    HIGHER,
    LOWER;

    /** As documents have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<String, Optional<Direction>> words;

  private MetricDirections(Map<String, Optional<Direction>> words) {
    this.words = words;
  }

  /** The table that comes with mixdown. */
  public static MetricDirections standard() {
    return STANDARD;
  }

  private static MetricDirections read() {
    Problems problems = new Problems(FILE);
    Optional<Node> root =
        YamlTree.read(BundledText.of(MetricDirections.class, FILE), FILE, problems);
    Map<String, Optional<Direction>> words = new HashMap<>();
    Fields fields = Fields.of(root.orElseThrow(), problems);
    add(words, fields.texts("higher"), Optional.of(Direction.HIGHER));
    add(words, fields.texts("lower"), Optional.of(Direction.LOWER));
    add(words, fields.texts("neither"), Optional.empty());
    problems.throwIfAny();
    return new MetricDirections(words);
  }

  private static void add(
      Map<String, Optional<Direction>> words, List<String> some, Optional<Direction> direction) {
    some.forEach(word -> words.put(word, direction));
  }

  /** The direction of a metric; empty where its name does not tell. */
  public Optional<Direction> of(String metric) {
    String name = metric.toLowerCase(Locale.ROOT);
    if (words.containsKey(name)) {
      return words.getOrDefault(name, Optional.empty());
    }
    List<String> parts = List.of(name.split("[^a-z0-9]+", -1));
    for (int i = parts.size() - 1; i >= 0; i--) {
      Optional<Direction> direction = words.get(parts.get(i));
      if (direction != null) {
        return direction;
      }
    }
    return Optional.empty();
  }
}
