package dev.mixdown.configs.repository;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.Arms;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageCatalog.Variant;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Names;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides which stage, variant and config apply: what the command names, else what the environment
 * says, else the active stage, else the defaults. Each decision knows the rule that made it.
 */
final class ResolutionRules {
  private final ReleaseRepository repository;
  private final StageChoice choice;
  private final Problems problems = new Problems();

  ResolutionRules(ReleaseRepository repository, StageChoice choice) {
    this.repository = repository;
    this.choice = choice;
  }

  /** A decision, and the rule that made it. */
  record Decided<T>(T value, String rule) {}

  Resolution resolve() throws IOException {
    if (!StoragePath.isSupported(repository.folder())) {
      problems.add(repository.folder(), StoragePath.cannotOpen(repository.folder()));
      problems.throwIfAny();
    }
    Optional<StageCatalog> catalog = repository.catalog(problems);
    Optional<ActiveStage> active = repository.active(problems);
    if (catalog.isEmpty() && !problems.isEmpty()) {
      // There are stages, but they cannot be read: what follows from none would not be true.
      problems.throwIfAny();
    }
    Optional<Decided<String>> stage = stage(catalog, active);
    Optional<Stage> known =
        stage.flatMap(s -> catalog.flatMap(c -> Optional.ofNullable(c.stages().get(s.value()))));
    Optional<Decided<Variant>> variant = known.flatMap(s -> variant(s, active));
    ConfigRules rules = new ConfigRules(repository, choice, catalog, problems);
    Optional<Decided<String>> file = rules.file(known, variant.map(Decided::value));
    Optional<DatasetConfig> config = Optional.empty();
    if (file.isPresent()) {
      config = repository.config(file.get().value(), tasks(), problems);
    }
    problems.throwIfAny();
    DatasetConfig found = config.orElseThrow();
    Decided<String> name =
        stage.orElseGet(
            () ->
                found
                    .stage()
                    .filter(StageCatalog::isKey)
                    .map(s -> new Decided<>(s, "meta.stage of " + found.file()))
                    .orElse(new Decided<>("default", "nothing names a stage")));
    return new Resolution(
        name.value(),
        variant.map(v -> v.value().key()),
        name.rule(),
        variant.map(Decided::rule).orElse(""),
        file.orElseThrow().rule(),
        rules.name(),
        found,
        catalog,
        notes(catalog, name.rule(), variant.map(Decided::rule).orElse("")));
  }

  /** The tasks asked for, each once, in the order of their names. */
  private List<String> tasks() {
    List<String> asked =
        choice.tasks().isEmpty()
            ? repository
                .variable("TRAINING_TASKS")
                .map(tasks -> List.of(tasks.split(",")))
                .orElse(List.of())
            : choice.tasks();
    List<String> tasks =
        asked.stream().map(String::strip).filter(t -> !t.isEmpty()).distinct().sorted().toList();
    for (String task : tasks) {
      Names.folderProblem(task.replace("+", ""))
          .or(() -> task.contains("+") ? Optional.of("has a + in it") : Optional.empty())
          .ifPresent(
              problem ->
                  problems.add(repository.folder(), "the task \"%s\" %s".formatted(task, problem)));
    }
    return tasks;
  }

  /** Variables that decide, although the repository does not list them as allowed to. */
  private List<String> notes(Optional<StageCatalog> catalog, String stageRule, String variantRule) {
    Optional<List<String>> allowed = catalog.flatMap(c -> c.security().variables());
    if (allowed.isEmpty()) {
      return List.of();
    }
    List<String> deciding = new ArrayList<>();
    if (stageRule.startsWith("TRAINING_STAGE")) {
      deciding.add("TRAINING_STAGE");
    }
    if (variantRule.startsWith("AB_VARIANT")) {
      deciding.add("AB_VARIANT");
    }
    if (choice.config().isEmpty()) {
      deciding.add("FORCE_DATASET_CONFIG");
    }
    if (choice.tasks().isEmpty()) {
      deciding.add("TRAINING_TASKS");
    }
    deciding.add("STAGE_CONFIG_PATH");
    if (repository.variable(ReleaseRepository.NAMED_ENVIRONMENT).isEmpty()) {
      deciding.add("MIXDOWN_ENVIRONMENT");
    }
    return deciding.stream()
        .filter(name -> repository.variable(name).isPresent() && !allowed.get().contains(name))
        .map(
            name ->
                "%s decides here, but security.allowed_env_vars of %s does not list it"
                    .formatted(name, catalog.get().file()))
        .toList();
  }

  private Optional<Decided<String>> stage(
      Optional<StageCatalog> catalog, Optional<ActiveStage> active) {
    Optional<String> variable =
        repository.variable("TRAINING_STAGE").filter(s -> !s.equals("auto"));
    Optional<Decided<String>> decided =
        choice
            .stage()
            .map(s -> new Decided<>(s, "the command names it"))
            .or(() -> variable.map(s -> new Decided<>(s, "TRAINING_STAGE names it")))
            .or(
                () ->
                    active.flatMap(
                        a -> a.stage().map(s -> new Decided<>(s, at(a.root(), "current_stage")))))
            .or(
                () ->
                    catalog.flatMap(
                        c ->
                            c.defaultStage()
                                .map(s -> new Decided<>(s, at(c.root(), "default_stage")))));
    if (catalog.isEmpty()) {
      decided
          .filter(d -> !StageCatalog.isKey(d.value()))
          .ifPresent(
              d ->
                  problems.add(
                      repository.folder(),
                      "the stage's name \"%s\" %s"
                          .formatted(
                              d.value(), Names.folderProblem(d.value()).orElse("cannot be used"))));
      return decided;
    }
    StageCatalog stages = catalog.get();
    if (decided.isEmpty() && !byHand()) {
      problems.add(
          stages.file(),
          "nothing says which stage: name one, or set default_stage; there are "
              + String.join(", ", stages.stages().keySet()));
    }
    decided
        .filter(d -> !stages.stages().containsKey(d.value()))
        // A wrong default was reported, with its place, when the file was read.
        .filter(d -> !d.rule().startsWith("default_stage"))
        .ifPresent(
            d ->
                problems.add(
                    stages.file(),
                    "there is no stage \"%s\" (%s)%s"
                        .formatted(
                            d.value(),
                            d.rule(),
                            DidYouMean.hint(d.value(), stages.stages().keySet()))));
    return decided;
  }

  private Optional<Decided<Variant>> variant(Stage stage, Optional<ActiveStage> active) {
    if (stage.variants().isEmpty()) {
      choice
          .variant()
          .ifPresent(
              v ->
                  problems.add(
                      stage.node(),
                      "stage \"" + stage.key() + "\" has no variants; leave \"" + v + "\" out"));
      return Optional.empty();
    }
    Optional<Decided<String>> decided =
        choice
            .variant()
            .map(v -> new Decided<>(v, "the command names it"))
            .or(
                () ->
                    choice
                        .unit()
                        .flatMap(unit -> Arms.of(stage, unit))
                        .map(v -> new Decided<>(v.key(), "the unit's arm")))
            .or(
                () ->
                    repository
                        .variable("AB_VARIANT")
                        .map(v -> new Decided<>(v, "AB_VARIANT names it")))
            .or(
                () ->
                    active.flatMap(
                        a ->
                            a.variant()
                                .map(v -> new Decided<>(v, at(a.root(), "current_variant")))));
    String known = String.join(", ", stage.variants().keySet());
    if (decided.isEmpty() && byHand()) {
      return Optional.empty();
    }
    if (decided.isEmpty()) {
      problems.add(
          stage.node(),
          "stage \"%s\" has the variants %s; name one with --variant or AB_VARIANT"
              .formatted(stage.key(), known));
      return Optional.empty();
    }
    Variant variant = stage.variants().get(decided.get().value());
    if (variant == null) {
      problems.add(
          stage.node(),
          "stage \"%s\" has no variant \"%s\" (%s)%s"
              .formatted(
                  stage.key(),
                  decided.get().value(),
                  decided.get().rule(),
                  DidYouMean.hint(decided.get().value(), stage.variants().keySet())));
      return Optional.empty();
    }
    return Optional.of(new Decided<>(variant, decided.get().rule()));
  }

  /** Whether the config is named, whatever the stage is. */
  private boolean byHand() {
    return choice.config().isPresent() || repository.variable("FORCE_DATASET_CONFIG").isPresent();
  }

  private static String at(Node root, String key) {
    return key + " at " + root.find(key).orElse(root).place();
  }
}
