package dev.mixdown.recipes.diff;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import dev.mixdown.recipes.BundledText;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which parameters matter how much, by name, and the other names by which frameworks call them. The
 * last name of a path decides, so that {@code lr}, {@code optim.lr} and {@code
 * actor.optim.learning_rate} are the learning rate.
 *
 * <p>The table is {@code importance.yaml}: objects {@code critical}, {@code important} and {@code
 * normal}, each of names with lists of their other names.
 */
public final class ImportanceTable {
  private static final String FILE = "importance.yaml";
  private static final String WHAT = "the table of importance";
  private static final ImportanceTable STANDARD = read();

  /** By each name, in lower case: the parameter's own name. */
  private final Map<String, String> names;

  /** By a parameter's own name. */
  private final Map<String, Importance> importances;

  private ImportanceTable(Map<String, String> names, Map<String, Importance> importances) {
    this.names = names;
    this.importances = importances;
  }

  /** The table that comes with mixdown. */
  public static ImportanceTable standard() {
    return STANDARD;
  }

  private static ImportanceTable read() {
    return new ImportanceTable(Map.of(), Map.of())
        .with(BundledText.of(ImportanceTable.class, FILE), FILE);
  }

  /**
   * This table and another, whose names win.
   *
   * @param text YAML or JSON
   * @param file what messages call it
   * @throws ConfigException with everything that is wrong with it
   */
  public ImportanceTable with(String text, String file) {
    Problems problems = new Problems(WHAT);
    Map<String, String> newNames = new HashMap<>(names);
    Map<String, Importance> newImportances = new HashMap<>(importances);
    Optional<Node> root = YamlTree.read(text, file, problems);
    root.ifPresent(
        node -> {
          if (!(node instanceof Node.Mapping mapping)) {
            problems.add(node, "is " + node.kind() + "; an object of objects is expected");
            return;
          }
          mapping
              .values()
              .forEach(
                  (word, group) -> {
                    Optional<Importance> importance = Importance.of(word);
                    if (importance.isEmpty()) {
                      problems.add(
                          new Problem(
                              mapping.keys().getOrDefault(word, group.place()),
                              group.pointer(),
                              "unknown importance \"%s\"%s"
                                  .formatted(word, DidYouMean.hint(word, Importance.words()))));
                    } else if (group instanceof Node.Mapping parameters) {
                      parameters
                          .values()
                          .forEach(
                              (name, others) -> {
                                newNames.put(key(name), name);
                                newImportances.put(name, importance.get());
                                others(name, others, newNames, problems);
                              });
                    } else {
                      problems.add(
                          group,
                          word
                              + " is "
                              + group.kind()
                              + "; names with lists of other names are expected");
                    }
                  });
        });
    problems.throwIfAny();
    return new ImportanceTable(newNames, newImportances);
  }

  private static void others(
      String name, Node others, Map<String, String> names, Problems problems) {
    if (others instanceof Node.Null) {
      return;
    }
    if (!(others instanceof Node.Sequence list)) {
      problems.add(others, name + " is " + others.kind() + "; a list of other names is expected");
      return;
    }
    for (Node other : list.values()) {
      other
          .textValue()
          .ifPresentOrElse(
              text -> names.put(key(text), name),
              () -> problems.add(other, "is " + other.kind() + "; a name is expected"));
    }
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** A parameter's own name, by any of its names; empty where it is not in the table. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(names.get(key(name)));
  }

  /** How much a parameter of any of its names matters. */
  Importance of(String name) {
    return parameter(name).map(importances::get).orElse(Importance.NORMAL);
  }
}
