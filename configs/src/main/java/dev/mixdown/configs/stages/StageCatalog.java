package dev.mixdown.configs.stages;

import dev.mixdown.configs.syntax.Carried;
import dev.mixdown.configs.syntax.Names;
import dev.mixdown.configs.syntax.Node;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which stages there are: {@code stage_config.yaml}.
 *
 * @param file where it was read
 * @param root its tree, which knows the line of every value
 * @param stages by key, in the order of the file
 * @param defaultStage the stage when nothing else names one
 * @param switching how stages follow one another
 * @param overlay the environment that was chosen, and what it changes
 * @param legacyConfigFile the default dataset config's name, where it has one of its own
 * @param security which configs and variables may decide
 * @param carried what mixdown does not use
 */
public record StageCatalog(
    String file,
    Node root,
    Map<String, Stage> stages,
    Optional<String> defaultStage,
    SwitchStrategy switching,
    Optional<Overlay> overlay,
    Optional<String> legacyConfigFile,
    Security security,
    Carried carried) {

  /**
   * A training stage.
   *
   * @param node where it stands
   * @param key its key
   * @param name for people, in any language
   * @param description for people
   * @param configFile its dataset config, seen from the catalog's folder; empty for an A/B stage
   * @param priority lower comes first
   * @param conditions what has to hold, all of it, before it is entered by itself; with none it is
   *     only entered by hand
   * @param manual whether it is never switched to automatically
   * @param variants the arms of an A/B stage, by key; empty otherwise
   */
  public record Stage(
      Node node,
      String key,
      Optional<String> name,
      Optional<String> description,
      Optional<String> configFile,
      Optional<Long> priority,
      List<Condition> conditions,
      boolean manual,
      Map<String, Variant> variants) {

    /** All conditions in one line; empty where there are none. */
    public String condition() {
      return conditions.stream().map(Condition::text).collect(Collectors.joining(" and "));
    }

    /** The stage with one arm; without one, with each of its arms, where it has any. */
    public List<StageChoice> choices(Optional<String> variant) {
      return variants.isEmpty() || variant.isPresent()
          ? List.of(StageChoice.of(key, variant))
          : variants.keySet().stream().map(v -> StageChoice.of(key, Optional.of(v))).toList();
    }
  }

  /**
   * One arm of an A/B stage.
   *
   * @param name for people, in any language
   * @param description for people
   * @param weight its part of the units
   */
  public record Variant(
      Node node,
      String key,
      Optional<String> name,
      Optional<String> description,
      Optional<String> configFile,
      BigDecimal weight) {}

  /**
   * An environment that lies over the file.
   *
   * @param name its key below {@code environments}
   * @param changes what it changes
   */
  public record Overlay(String name, List<Change> changes) {
    /**
     * One changed value.
     *
     * @param path its keys, joined by dots
     * @param from what the file says without the environment
     */
    public record Change(String path, Optional<Node> from, Node to) {}
  }

  /**
   * What may decide.
   *
   * @param configPaths below which stages' config files have to lie; empty where anywhere
   * @param variables of the environment that may decide; empty where all may
   */
  public record Security(Optional<List<String>> configPaths, Optional<List<String>> variables) {
    /** Nothing is restricted. */
    static final Security NONE = new Security(Optional.empty(), Optional.empty());
  }

  /**
   * What is done when training goes wrong.
   *
   * @param conditions what has to hold, all of it
   */
  public record Rollback(List<Condition> conditions, Action action) {
    /** What is done. */
    public enum Action {
      /** Go back to the stage before. */
      ROLLBACK,
      /** Ask the trainer to pause. */
      PAUSE
    }

    /** The conditions in one line. */
    public String text() {
      return conditions.stream().map(Condition::text).collect(Collectors.joining(" and "));
    }
  }

  /** More epochs than anybody trains for. */
  public static final long MOST_EPOCHS = 1_000_000_000_000L;

  /** Who switches. */
  public enum Mode {
    /** The check itself. */
    AUTO,
    /** Only people. */
    MANUAL,
    /** The check proposes, a person confirms. */
    HYBRID;

    /** The word that the file uses. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How stages follow one another.
   *
   * @param mode who switches
   * @param checkInterval how many epochs lie between two checks, from 1 to {@link #MOST_EPOCHS}
   * @param fallbackStage what is entered when the stage to enter is unusable
   * @param autoRollback whether a check goes back by itself; else it proposes to
   * @param rollbacks what is looked at first at every check, in the order of the file
   */
  public record SwitchStrategy(
      Mode mode,
      long checkInterval,
      Optional<String> fallbackStage,
      boolean autoRollback,
      List<Rollback> rollbacks) {}

  /** The stages in the order in which they follow one another: by priority, then as in the file. */
  public List<Stage> inOrder() {
    return stages.values().stream()
        .sorted(Comparator.comparingLong(s -> s.priority().orElse(Long.MAX_VALUE)))
        .toList();
  }

  /** The stages that come after one, in order; all of them after a stage that there is not. */
  public List<Stage> after(String key) {
    List<Stage> all = inOrder();
    int at = all.stream().map(Stage::key).toList().indexOf(key);
    return all.subList(at + 1, all.size());
  }

  /** The values of this file that mixdown does not use, as far as they concern one stage. */
  public Carried carriedFor(String stage) {
    return new Carried(
        carried.values().stream()
            .filter(
                value -> !value.path().get(0).equals("stages") || value.path().get(1).equals(stage))
            .toList());
  }

  /** Whether {@code key} can name a folder everywhere. */
  public static boolean isKey(String key) {
    return Names.folderProblem(key).isEmpty();
  }
}
