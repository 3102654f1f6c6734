package dev.mixdown.configs;

import dev.mixdown.configs.tree.Fields;
import dev.mixdown.configs.tree.Node;
import dev.mixdown.configs.tree.Problems;
import dev.mixdown.configs.tree.YamlTree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
 */
public record StageCatalog(
    String file,
    Node root,
    Map<String, Stage> stages,
    Optional<String> defaultStage,
    SwitchStrategy switching) {

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

  /** One arm of an A/B stage, with its part of the units. */
  public record Variant(Node node, String key, Optional<String> configFile, BigDecimal weight) {}

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
   */
  public record SwitchStrategy(Mode mode, long checkInterval, Optional<String> fallbackStage) {}

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

  /** Reads a catalog; empty, with problems, when it is no YAML. */
  static Optional<StageCatalog> read(String text, String file, Problems problems) {
    return YamlTree.read(text, file, problems).map(node -> catalog(node, file, problems));
  }

  private static StageCatalog catalog(Node node, String file, Problems problems) {
    Fields root = Fields.of(node, problems);
    Map<String, Stage> stages = new LinkedHashMap<>();
    root.required("stages");
    root.objects("stages").forEach((key, fields) -> stages.put(key, stage(key, fields, problems)));
    Optional<String> defaultStage = root.text("default_stage");
    Optional<Fields> switching = root.object("switch_strategy");
    SwitchStrategy strategy =
        new SwitchStrategy(
            switching
                .flatMap(s -> s.choice("mode", List.of("auto", "manual", "hybrid")))
                .map(word -> Mode.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Mode.MANUAL),
            switching.flatMap(s -> s.integer("check_interval", 1, MOST_EPOCHS)).orElse(1L),
            switching.flatMap(s -> s.text("fallback_stage")));
    switching.ifPresent(Fields::refuseOthers);
    root.refuseOthers();
    checkStage(root.node("default_stage"), stages, problems);
    checkStage(switching.flatMap(s -> s.node("fallback_stage")), stages, problems);
    return new StageCatalog(file, node, stages, defaultStage, strategy);
  }

  private static void checkStage(
      Optional<Node> named, Map<String, Stage> stages, Problems problems) {
    named.ifPresent(
        node -> {
          if (node instanceof Node.Text text && !stages.containsKey(text.value())) {
            problems.add(
                node,
                "there is no stage \""
                    + text.value()
                    + "\""
                    + dev.mixdown.configs.tree.DidYouMean.hint(text.value(), stages.keySet()));
          }
        });
  }

  private static Stage stage(String key, Fields fields, Problems problems) {
    checkKey(key, fields, problems);
    Map<String, Variant> variants = new LinkedHashMap<>();
    fields
        .objects("variants")
        .forEach((name, variant) -> variants.put(name, variant(name, variant, problems)));
    List<Condition> conditions = new ArrayList<>();
    for (Node node : fields.list("auto_switch_conditions")) {
      conditions(Fields.of(node, problems), problems, conditions);
    }
    Stage stage =
        new Stage(
            fields.mapping(),
            key,
            fields.text("name"),
            fields.text("description"),
            fields.text("config_file"),
            fields.integer("priority", Long.MIN_VALUE, Long.MAX_VALUE),
            List.copyOf(conditions),
            fields
                .choice("trigger_mode", List.of("auto", "manual"))
                .map("manual"::equals)
                .orElse(false),
            variants);
    fields.refuseOthers();
    return stage;
  }

  private static void conditions(Fields fields, Problems problems, List<Condition> conditions) {
    fields
        .integer("epoch", 0, MOST_EPOCHS)
        .ifPresent(epoch -> conditions.add(Condition.atEpoch(epoch)));
    Optional<String> text = fields.text("condition");
    Optional<Condition> condition = text.flatMap(Condition::parse);
    condition.ifPresent(conditions::add);
    if (text.isPresent() && condition.isEmpty()) {
      fields
          .node("condition")
          .ifPresent(
              node ->
                  problems.add(
                      node,
                      "condition \"%s\" is neither an event's name nor one comparison such as \"loss < 0.1\"; give each condition an item of its own"
                          .formatted(text.get())));
    }
    fields.refuseOthers();
  }

  private static Variant variant(String key, Fields fields, Problems problems) {
    checkKey(key, fields, problems);
    Variant variant =
        new Variant(
            fields.mapping(),
            key,
            fields.text("config_file"),
            fields.decimal("weight").orElse(BigDecimal.ONE));
    fields.refuseOthers();
    return variant;
  }

  /** A key becomes a folder of the output. */
  private static void checkKey(String key, Fields fields, Problems problems) {
    if (!isKey(key)) {
      problems.add(
          fields.mapping(),
          "\"" + key + "\" cannot be a stage's or variant's key: it becomes a folder's name");
    }
  }

  /** Whether {@code key} can name a folder everywhere. */
  public static boolean isKey(String key) {
    return key.matches("[^/\\\\:*?\"<>|\\p{Cntrl}]+")
        && !key.startsWith(".")
        && key.equals(key.strip());
  }
}
