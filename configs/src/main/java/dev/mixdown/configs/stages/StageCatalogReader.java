package dev.mixdown.configs.stages;

import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.stages.Condition.Comparison;
import dev.mixdown.configs.stages.Condition.Relation;
import dev.mixdown.configs.stages.StageCatalog.Mode;
import dev.mixdown.configs.stages.StageCatalog.Overlay;
import dev.mixdown.configs.stages.StageCatalog.Rollback;
import dev.mixdown.configs.stages.StageCatalog.Security;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageCatalog.SwitchStrategy;
import dev.mixdown.configs.stages.StageCatalog.Variant;
import dev.mixdown.configs.syntax.CarriedReader;
import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Names;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code stage_config.yaml}. */
public final class StageCatalogReader {
  private static final String SWITCHING = "switch_strategy";
  private static final String GLOBAL = "global_config";

  private final String file;
  private final Optional<String> environment;
  private final Problems problems;
  private final CarriedReader carried = new CarriedReader();

  /**
   * @param environment which of the environments that the file has applies
   */
  public StageCatalogReader(String file, Optional<String> environment, Problems problems) {
    this.file = file;
    this.environment = environment;
    this.problems = problems;
  }

  /** Reads a catalog; empty, with problems, when it is not YAML. */
  public Optional<StageCatalog> read(String text) {
    return YamlTree.read(text, file, problems).map(this::catalog);
  }

  private StageCatalog catalog(Node node) {
    Fields root = Fields.of(node, problems);
    Map<String, Stage> stages = new LinkedHashMap<>();
    root.required("stages");
    root.objects("stages").forEach((key, fields) -> stages.put(key, stage(key, fields)));
    Optional<String> defaultStage = root.text("default_stage");
    checkStage(root.node("default_stage"), stages);
    Optional<Fields> base = root.object(SWITCHING);
    base.ifPresent(carried::notes);
    root.node(GLOBAL);
    Map<String, Fields> environments = root.objects("environments");
    environments.forEach(
        (name, fields) -> {
          // Also those that do not apply here have to work where they do.
          if (!environment.equals(Optional.of(name))) {
            strategy(overlaid(root, fields, SWITCHING), stages);
          }
          fields.node(SWITCHING);
          fields.node(GLOBAL);
          fields.refuseMisspelt();
          carried.others(fields);
        });
    Optional<Fields> chosen = environment.flatMap(e -> Optional.ofNullable(environments.get(e)));
    environment
        .filter(e -> !environments.containsKey(e))
        .ifPresent(
            e ->
                problems.add(
                    root.node("environments").orElse(node),
                    environments.isEmpty()
                        ? "environment \"%s\" was asked for, but there are no environments here"
                            .formatted(e)
                        : "there is no environment \"%s\"%s"
                            .formatted(e, DidYouMean.hint(e, environments.keySet()))));
    SwitchStrategy strategy =
        strategy(chosen.flatMap(f -> overlaid(root, f, SWITCHING)).or(() -> base), stages);
    global(root, chosen);
    Optional<String> legacy = root.object("compatibility").flatMap(this::compatibility);
    Security security = root.object("security").map(this::security).orElse(Security.NONE);
    carried.notes(root);
    root.refuseOthers();
    return new StageCatalog(
        file,
        node,
        stages,
        defaultStage,
        strategy,
        chosen.map(f -> new Overlay(environment.orElseThrow(), changes(root, f))),
        legacy,
        security,
        carried.carried());
  }

  /** A part of the file with what an environment lays over it. */
  private Optional<Fields> overlaid(Fields root, Fields overlay, String key) {
    Optional<Node> above = overlay.node(key);
    Optional<Node> below = root.node(key);
    if (above.isEmpty()) {
      return below.map(n -> Fields.of(n, problems));
    }
    return Optional.of(
        Fields.of(below.map(b -> b.overlaidBy(above.get())).orElse(above.get()), problems));
  }

  private void global(Fields root, Optional<Fields> chosen) {
    Optional<Node> whole =
        chosen
            .flatMap(f -> f.node(GLOBAL))
            .map(above -> root.node(GLOBAL).map(below -> below.overlaidBy(above)).orElse(above))
            .or(() -> root.node(GLOBAL));
    whole.ifPresent(node -> carried.value(List.of(GLOBAL), node));
  }

  private static List<Overlay.Change> changes(Fields root, Fields overlay) {
    List<Overlay.Change> changes = new ArrayList<>();
    for (String key : List.of(SWITCHING, GLOBAL)) {
      overlay.node(key).ifPresent(above -> changes(key, root.node(key), above, changes));
    }
    return changes;
  }

  private static void changes(
      String path, Optional<Node> below, Node above, List<Overlay.Change> changes) {
    if (above instanceof Node.Mapping mapping) {
      mapping
          .values()
          .forEach(
              (key, value) ->
                  changes(path + "." + key, below.flatMap(b -> b.find(key)), value, changes));
    } else if (below.isEmpty() || !below.get().says(above)) {
      changes.add(new Overlay.Change(path, below, above));
    }
  }

  private SwitchStrategy strategy(Optional<Fields> fields, Map<String, Stage> stages) {
    SwitchStrategy strategy =
        new SwitchStrategy(
            fields
                .flatMap(s -> s.choice("mode", List.of("auto", "manual", "hybrid")))
                .map(word -> Mode.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(Mode.MANUAL),
            fields
                .flatMap(s -> s.integer("check_interval", 1, StageCatalog.MOST_EPOCHS))
                .orElse(1L),
            fields.flatMap(s -> s.text("fallback_stage")),
            fields.flatMap(s -> s.bool("auto_rollback")).orElse(false),
            fields.map(this::rollbacks).orElse(List.of()));
    fields.ifPresent(Fields::refuseOthers);
    checkStage(fields.flatMap(s -> s.node("fallback_stage")), stages);
    return strategy;
  }

  private List<Rollback> rollbacks(Fields strategy) {
    List<Rollback> rollbacks = new ArrayList<>();
    for (Node node : strategy.list("rollback_conditions")) {
      if (node instanceof Node.Text text) {
        condition(node, text.value())
            .ifPresent(c -> rollbacks.add(new Rollback(List.of(c), Rollback.Action.ROLLBACK)));
        continue;
      }
      Fields fields = Fields.of(node, problems);
      Rollback.Action action =
          fields
              .choice("action", List.of("rollback", "pause"))
              .map(word -> Rollback.Action.valueOf(word.toUpperCase(Locale.ROOT)))
              .orElse(Rollback.Action.ROLLBACK);
      List<Condition> conditions = new ArrayList<>();
      conditions(fields, conditions);
      if (node.find("metric").or(() -> node.find("condition")).isEmpty()) {
        problems.add(node, "a rollback condition needs metric, operator and threshold");
      }
      if (!conditions.isEmpty()) {
        rollbacks.add(new Rollback(List.copyOf(conditions), action));
      }
    }
    return List.copyOf(rollbacks);
  }

  private Optional<String> compatibility(Fields fields) {
    Optional<String> legacy = fields.text("legacy_config_file");
    carried.keys(fields, "legacy_support", "dataspec_integration");
    fields.refuseMisspelt();
    carried.others(fields);
    return legacy;
  }

  private Security security(Fields fields) {
    Optional<List<String>> paths =
        fields.node("allowed_config_paths").map(n -> fields.texts("allowed_config_paths"));
    Optional<List<String>> variables =
        fields.node("allowed_env_vars").map(n -> fields.texts("allowed_env_vars"));
    carried.keys(fields, "validate_config_signature");
    fields.refuseMisspelt();
    carried.others(fields);
    return new Security(paths, variables);
  }

  private void checkStage(Optional<Node> named, Map<String, Stage> stages) {
    named.ifPresent(
        node -> {
          if (node instanceof Node.Text text && !stages.containsKey(text.value())) {
            problems.add(
                node,
                "there is no stage \"%s\"%s"
                    .formatted(text.value(), DidYouMean.hint(text.value(), stages.keySet())));
          }
        });
  }

  private Stage stage(String key, Fields fields) {
    checkKey(key, "stage", fields);
    Map<String, Variant> variants = new LinkedHashMap<>();
    fields
        .objects("variants")
        .forEach((name, variant) -> variants.put(name, variant(name, variant)));
    List<Condition> conditions = new ArrayList<>();
    for (Node node : fields.list("auto_switch_conditions")) {
      if (node instanceof Node.Text text) {
        condition(node, text.value()).ifPresent(conditions::add);
      } else {
        conditions(Fields.of(node, problems), conditions);
      }
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
    carried.keys(fields, "resource_requirements");
    carried.notes(fields);
    fields.refuseOthers();
    return stage;
  }

  /** What one item says: an epoch, and an event or comparison, in a text or in parts. */
  private void conditions(Fields fields, List<Condition> conditions) {
    fields
        .integer("epoch", 0, StageCatalog.MOST_EPOCHS)
        .ifPresent(epoch -> conditions.add(Condition.atEpoch(epoch)));
    fields
        .text("condition")
        .flatMap(text -> fields.node("condition").flatMap(node -> condition(node, text)))
        .ifPresent(conditions::add);
    if (fields.node("metric").or(() -> fields.node("threshold")).isPresent()
        || fields.node("operator").isPresent()) {
      comparison(fields).ifPresent(conditions::add);
    }
    fields.node("description");
    fields.refuseOthers();
  }

  private Optional<Condition> condition(Node node, String text) {
    Optional<Condition> condition = Condition.parse(text);
    if (condition.isEmpty()) {
      problems.add(
          node,
          "condition \"%s\" is neither an event's name nor one comparison such as \"loss < 0.1\"; give each condition an item of its own"
              .formatted(text));
    }
    return condition;
  }

  private Optional<Condition> comparison(Fields fields) {
    Optional<String> metric = fields.requiredText("metric");
    Optional<Relation> relation =
        fields
            .required("operator")
            .flatMap(n -> fields.choice("operator", Relation.signs()))
            .map(Relation::of);
    Optional<BigDecimal> threshold =
        fields.required("threshold").flatMap(n -> fields.signed("threshold"));
    if (metric.isEmpty() || relation.isEmpty() || threshold.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Comparison(metric.get().strip(), relation.get(), threshold.get()));
  }

  private Variant variant(String key, Fields fields) {
    checkKey(key, "variant", fields);
    Variant variant =
        new Variant(
            fields.mapping(),
            key,
            fields.text("name"),
            fields.text("description"),
            fields.text("config_file"),
            fields.decimal("weight").orElse(BigDecimal.ONE));
    carried.keys(fields, "resource_requirements");
    carried.notes(fields);
    fields.refuseOthers();
    return variant;
  }

  /** A key becomes a folder of the output. */
  private void checkKey(String key, String what, Fields fields) {
    Names.folderProblem(key)
        .ifPresent(
            problem ->
                problems.add(
                    fields.mapping(), "the key \"%s\" of a %s %s".formatted(key, what, problem)));
  }
}
