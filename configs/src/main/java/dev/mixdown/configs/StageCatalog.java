package dev.mixdown.configs;

import dev.mixdown.configs.tree.Fields;
import dev.mixdown.configs.tree.Node;
import dev.mixdown.configs.tree.Problems;
import dev.mixdown.configs.tree.YamlTree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * @param conditions when it may be switched to
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
      List<SwitchCondition> conditions,
      boolean manual,
      Map<String, Variant> variants) {}

  /** One arm of an A/B stage, with its part of the units. */
  public record Variant(Node node, String key, Optional<String> configFile, BigDecimal weight) {}

  /** What has to hold: at least so many epochs, and an event or a comparison. */
  public record SwitchCondition(Optional<Long> epoch, Optional<String> condition) {}

  /** How stages follow one another; {@code checkInterval} is in epochs. */
  public record SwitchStrategy(
      String mode, Optional<Long> checkInterval, Optional<String> fallbackStage) {}

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
                .orElse("manual"),
            switching.flatMap(s -> s.integer("check_interval", 1, Long.MAX_VALUE)),
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
    List<SwitchCondition> conditions = new ArrayList<>();
    for (Node node : fields.list("auto_switch_conditions")) {
      Fields condition = Fields.of(node, problems);
      conditions.add(
          new SwitchCondition(
              condition.integer("epoch", 0, Long.MAX_VALUE), condition.text("condition")));
      condition.refuseOthers();
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
  static boolean isKey(String key) {
    return key.matches("[^/\\\\:*?\"<>|\\p{Cntrl}]+")
        && !key.startsWith(".")
        && key.equals(key.strip());
  }
}
