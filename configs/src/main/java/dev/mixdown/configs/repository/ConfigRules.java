package dev.mixdown.configs.repository;

import dev.mixdown.configs.repository.ResolutionRules.Decided;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageCatalog.Variant;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.Glob;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Decides which dataset config applies to a stage: the one that the command names, else the one
 * that the environment forces, else the stage's own, else the default.
 */
final class ConfigRules {
  private static final String PREFIX = "training_dataset.";
  private static final String SUFFIX = ".json";

  private final ReleaseRepository repository;
  private final StageChoice choice;
  private final Optional<StageCatalog> catalog;
  private final Problems problems;

  ConfigRules(
      ReleaseRepository repository,
      StageChoice choice,
      Optional<StageCatalog> catalog,
      Problems problems) {
    this.repository = repository;
    this.choice = choice;
    this.catalog = catalog;
    this.problems = problems;
  }

  /** What a config that the command names is called, for the output's folder. */
  Optional<String> name() {
    return choice
        .config()
        .map(StoragePath::name)
        .map(n -> n.endsWith(SUFFIX) ? n.substring(0, n.length() - SUFFIX.length()) : n)
        .map(n -> n.startsWith(PREFIX) ? n.substring(PREFIX.length()) : n);
  }

  Optional<Decided<String>> file(Optional<Stage> stage, Optional<Variant> variant)
      throws IOException {
    if (choice.config().isPresent()) {
      return Optional.of(byHand(choice.config().get()));
    }
    Optional<String> forced = repository.variable("FORCE_DATASET_CONFIG");
    if (forced.isPresent()) {
      String file = repository.locate(forced.get());
      if (!repository.exists(file)) {
        problems.add(file, "there is no such file; FORCE_DATASET_CONFIG names it");
      }
      return Optional.of(new Decided<>(file, "FORCE_DATASET_CONFIG names it"));
    }
    Optional<Node> holder = variant.map(Variant::node).or(() -> stage.map(Stage::node));
    Optional<String> named =
        variant.isPresent() ? variant.get().configFile() : stage.flatMap(Stage::configFile);
    if (named.isPresent()) {
      return Optional.of(ofStage(named.get(), holder.orElseThrow()));
    }
    if (stage.isPresent() && !stage.get().variants().isEmpty() && variant.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(byDefault(stage));
  }

  /** A file, or the NAME of {@code training_dataset.NAME.json} in the repository. */
  private Decided<String> byHand(String named) throws IOException {
    String file = repository.locate(named);
    String rule = "the command names it";
    if (repository.exists(file)) {
      return new Decided<>(file, rule);
    }
    String byName = StoragePath.resolve(repository.folder(), PREFIX + named + SUFFIX);
    if (!named.contains("/") && repository.exists(byName)) {
      return new Decided<>(byName, rule);
    }
    problems.add(
        file,
        "there is no such file; --config names it"
            + (named.contains("/") || named.endsWith(SUFFIX) ? "" : ", and there is no " + byName));
    return new Decided<>(file, rule);
  }

  private Decided<String> ofStage(String named, Node holder) throws IOException {
    Node at = holder.find("config_file").orElse(holder);
    String folder = StoragePath.folder(repository.catalogFile());
    String file = StoragePath.resolve(folder, named);
    Optional<List<String>> allowed = catalog.flatMap(c -> c.security().configPaths());
    if (allowed.isPresent() && !isAllowed(file, folder, allowed.get())) {
      problems.add(
          at,
          "config_file \"%s\" lies outside of security.allowed_config_paths (%s); move it there, or add its folder"
              .formatted(named, String.join(", ", allowed.get())));
    } else if (!repository.exists(file)) {
      problems.add(at, "config_file \"" + named + "\" does not exist: looked for " + file);
    }
    return new Decided<>(file, "config_file at " + at.place());
  }

  /** Whether a file lies below one of some folders, is one of some files, or fits a pattern. */
  private static boolean isAllowed(String file, String folder, List<String> allowed) {
    return allowed.stream()
        .map(path -> StoragePath.resolve(folder, path))
        .anyMatch(
            path ->
                file.equals(path)
                    || file.startsWith(path.endsWith("/") ? path : path + "/")
                    || StoragePath.resolve(folder, ".").equals(path)
                    || (Glob.isGlob(path) && new Glob(path).matches(file)));
  }

  private Decided<String> byDefault(Optional<Stage> stage) throws IOException {
    String file = repository.defaultConfig(catalog);
    if (!repository.exists(file)) {
      problems.add(
          repository.folder(),
          stage.isPresent()
              ? "stage \"%s\" has no config_file, and there is no %s"
                  .formatted(stage.get().key(), StoragePath.name(file))
              : "this is not a release repository: there is neither %s nor %s"
                  .formatted(ReleaseRepository.STAGE_CONFIG, ReleaseRepository.TRAINING_DATASET));
    }
    return new Decided<>(
        file, stage.isPresent() ? "the stage has no config_file" : "there are no stages");
  }
}
