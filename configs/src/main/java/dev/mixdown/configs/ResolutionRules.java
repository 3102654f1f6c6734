package dev.mixdown.configs;

import static dev.mixdown.configs.ReleaseRepository.STAGE_CONFIG;
import static dev.mixdown.configs.ReleaseRepository.TRAINING_DATASET;

import dev.mixdown.configs.ReleaseRepository.Resolution;
import dev.mixdown.configs.StageCatalog.Stage;
import dev.mixdown.configs.StageCatalog.Variant;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.configs.tree.DidYouMean;
import dev.mixdown.configs.tree.Node;
import dev.mixdown.configs.tree.Problems;
import java.io.IOException;
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
  private record Decided<T>(T value, String rule) {}

  Resolution resolve() throws IOException {
    if (!Storage.isSupported(repository.folder())) {
      problems.add(repository.folder(), Storage.cannotOpen(repository.folder()));
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
    Optional<Decided<String>> file = configFile(known, variant);
    Optional<DatasetConfig> config = Optional.empty();
    if (file.isPresent()) {
      config = repository.config(file.get().value(), problems);
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
        found);
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
                      repository.folder(), "\"" + d.value() + "\" cannot be a stage's name"));
      return decided;
    }
    StageCatalog stages = catalog.get();
    if (decided.isEmpty() && repository.variable("FORCE_DATASET_CONFIG").isEmpty()) {
      problems.add(
          stages.file(),
          "nothing says which stage: name one, or set default_stage; there are "
              + String.join(", ", stages.stages().keySet()));
    }
    decided
        .filter(d -> !stages.stages().containsKey(d.value()))
        // A wrong default was told with its place when the file was read.
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
    if (decided.isEmpty() && repository.variable("FORCE_DATASET_CONFIG").isPresent()) {
      return Optional.empty();
    }
    if (decided.isEmpty()) {
      problems.add(
          stage.node(),
          "stage \"%s\" has the variants %s; name one with --variant or AB_VARIANT, or a unit with --unit"
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

  private Optional<Decided<String>> configFile(
      Optional<Stage> stage, Optional<Decided<Variant>> variant) throws IOException {
    Optional<String> forced = repository.variable("FORCE_DATASET_CONFIG");
    if (forced.isPresent()) {
      String file = repository.locate(forced.get());
      if (!ReleaseRepository.exists(file)) {
        problems.add(file, "there is no such file; FORCE_DATASET_CONFIG names it");
      }
      return Optional.of(new Decided<>(file, "FORCE_DATASET_CONFIG names it"));
    }
    Optional<Node> holder = variant.map(v -> v.value().node()).or(() -> stage.map(Stage::node));
    Optional<String> named =
        variant.isPresent() ? variant.get().value().configFile() : stage.flatMap(Stage::configFile);
    if (named.isPresent()) {
      String file = Storage.resolve(Storage.folder(repository.catalogFile()), named.get());
      Node at = at(holder.orElseThrow());
      if (!ReleaseRepository.exists(file)) {
        problems.add(at, "config_file \"" + named.get() + "\" does not exist: looked for " + file);
      }
      return Optional.of(new Decided<>(file, "config_file at " + at.place()));
    }
    if (stage.isPresent() && !stage.get().variants().isEmpty() && variant.isEmpty()) {
      return Optional.empty();
    }
    String file = Storage.resolve(repository.folder(), TRAINING_DATASET);
    if (!ReleaseRepository.exists(file)) {
      problems.add(
          repository.folder(),
          stage.isPresent()
              ? "stage \"%s\" has no config_file, and there is no %s"
                  .formatted(stage.get().key(), TRAINING_DATASET)
              : "this is no release repository: there is neither %s nor %s"
                  .formatted(STAGE_CONFIG, TRAINING_DATASET));
    }
    return Optional.of(
        new Decided<>(
            file, stage.isPresent() ? "the stage has no config_file" : "there are no stages"));
  }

  private static Node at(Node holder) {
    return holder.find("config_file").orElse(holder);
  }

  private static String at(Node root, String key) {
    return key + " at " + root.find(key).orElse(root).place();
  }
}
