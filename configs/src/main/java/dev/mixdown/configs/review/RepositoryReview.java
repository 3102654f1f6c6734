package dev.mixdown.configs.review;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.ActiveStage.Activation;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a whole release repository can work: its stages, the active one, and all configs. */
public final class RepositoryReview {
  private final ReleaseRepository repository;
  private final Problems errors = new Problems();
  private final Problems warnings = new Problems();
  private final Set<String> files = new LinkedHashSet<>();
  private final Reach reach;

  public RepositoryReview(ReleaseRepository repository) {
    this.repository = repository;
    this.reach = Reach.impatient(repository.storage());
  }

  /**
   * What was found.
   *
   * @param files those that were looked at
   * @param errors what makes a stage, or all, unusable
   * @param warnings what is probably not meant
   */
  public record Outcome(Set<String> files, List<Problem> errors, List<Problem> warnings) {}

  /** Looks at everything. */
  public Outcome all() throws IOException {
    Optional<StageCatalog> catalog = repository.catalog(errors);
    Optional<ActiveStage> active = repository.active(errors);
    for (String file : List.of(repository.catalogFile(), repository.activeFile())) {
      if (repository.exists(file)) {
        files.add(file);
      }
    }
    if (catalog.isPresent()) {
      stages(catalog.get());
      active.ifPresent(a -> active(a, catalog.get()));
    }
    String usual = repository.defaultConfig(catalog);
    boolean there = repository.exists(usual);
    if (there) {
      config(usual);
    } else if (catalog.isEmpty() && errors.isEmpty()) {
      errors.add(
          repository.folder(),
          "this is not a release repository: there is neither %s nor %s"
              .formatted(ReleaseRepository.STAGE_CONFIG, ReleaseRepository.TRAINING_DATASET));
    }
    return found();
  }

  /**
   * Looks at a stage's config, or at those of all its arms, or at a config by hand.
   *
   * @param choice the stage, and perhaps the arm or the config
   */
  public Outcome stage(StageChoice choice) throws IOException {
    Optional<Stage> stage =
        repository
            .catalog(new Problems())
            .flatMap(c -> choice.stage().map(key -> c.stages().get(key)));
    boolean arms =
        stage.isPresent()
            && choice.variant().isEmpty()
            && choice.config().isEmpty()
            && !stage.get().variants().isEmpty();
    List<StageChoice> choices =
        arms
            ? stage.get().choices(Optional.empty()).stream()
                .map(c -> c.with(choice.config(), choice.tasks()))
                .toList()
            : List.of(choice);
    for (StageChoice one : choices) {
      try {
        Resolution resolution = repository.resolve(one);
        files.add(resolution.config().file());
        resolution.notes().forEach(note -> warnings.add(resolution.config().file(), note));
        ConfigReview.review(resolution.config(), errors, warnings);
        ConfigReview.data(resolution.config(), repository.folder(), reach, warnings);
        if (stage.isPresent() && choice.config().isEmpty()) {
          name(resolution, stage.get());
        }
      } catch (ConfigException e) {
        e.problems().forEach(errors::add);
      }
    }
    return found();
  }

  /** Whether a stage of the repository is called so. */
  public boolean isStage(String name) throws IOException {
    return repository.catalog(new Problems()).map(c -> c.stages().containsKey(name)).orElse(false);
  }

  /**
   * Looks at one file: a dataset config, {@code stage_config.yaml} or {@code active_stage.yaml}.
   */
  public Outcome file(String name) throws IOException {
    String file = repository.locate(name);
    if (!repository.exists(file)) {
      errors.add(
          file,
          StoragePath.isSupported(file) ? "there is no such file" : StoragePath.cannotOpen(file));
    } else if (file.endsWith(".yaml") || file.endsWith(".yml")) {
      files.add(file);
      boolean activeFile = StoragePath.name(file).equals(ReleaseRepository.ACTIVE_STAGE);
      ReleaseRepository own =
          new ReleaseRepository(
              repository.storage(),
              repository.folder(),
              Map.of("STAGE_CONFIG_PATH", activeFile ? StoragePath.folder(file) : file));
      RepositoryReview review = new RepositoryReview(own);
      if (activeFile) {
        Optional<ActiveStage> active = own.active(errors);
        Optional<StageCatalog> catalog =
            own.exists(own.catalogFile()) ? own.catalog(new Problems()) : Optional.empty();
        if (active.isPresent() && catalog.isPresent()) {
          review.active(active.get(), catalog.get());
        }
      } else {
        Optional<StageCatalog> catalog = own.catalog(errors);
        if (catalog.isPresent()) {
          review.stages(catalog.get());
        }
      }
      review.errors.list().forEach(errors::add);
      review.warnings.list().forEach(warnings::add);
      files.addAll(review.files);
    } else {
      config(file);
    }
    return found();
  }

  private Outcome found() {
    return new Outcome(files, errors.list(), warnings.list());
  }

  private void config(String file) throws IOException {
    files.add(file);
    Optional<DatasetConfig> config = repository.config(file, errors);
    if (config.isPresent()) {
      ConfigReview.review(config.get(), errors, warnings);
      ConfigReview.data(config.get(), repository.folder(), reach, warnings);
    }
  }

  private void stages(StageCatalog catalog) throws IOException {
    CatalogReview.review(catalog, errors, warnings);
    for (Stage stage : catalog.stages().values()) {
      StageReview review = StageReview.of(repository, stage, Optional.empty());
      review.errors().forEach(errors::add);
      review.warnings().forEach(warnings::add);
      for (Resolution resolution : review.configs()) {
        files.add(resolution.config().file());
        ConfigReview.data(resolution.config(), repository.folder(), reach, warnings);
        name(resolution, stage);
      }
    }
  }

  private void name(Resolution resolution, Stage stage) {
    DatasetConfig config = resolution.config();
    boolean own =
        !config.file().equals(repository.defaultConfig(resolution.catalog()))
            && config.stage().isPresent();
    if (own && !config.stage().get().equals(stage.key())) {
      warnings.add(
          config.root().find("meta", "stage").orElse(config.root()),
          "meta.stage is \"%s\", but stage \"%s\" uses this file; make them agree"
              .formatted(config.stage().get(), stage.key()));
    }
  }

  private void active(ActiveStage active, StageCatalog catalog) {
    if (active.stage().isEmpty()) {
      warnings.add(
          active.root(),
          "current_stage is missing, so the default stage is used; name the active stage");
    }
    active
        .activatedAt()
        .flatMap(Timestamps::parse)
        .filter(at -> at.isAfter(LocalDateTime.now(ZoneId.systemDefault()).plusHours(1)))
        .ifPresent(
            at ->
                warnings.add(
                    active.root().find("activated_at").orElse(active.root()),
                    "activated_at is still to come; correct it, or the clock, or TZ"));
    Optional<Stage> stage = active.stage().map(key -> catalog.stages().get(key));
    if (active.stage().isPresent() && stage.isEmpty()) {
      errors.add(
          active.root().find("current_stage").orElse(active.root()),
          "there is no stage \"%s\"%s"
              .formatted(
                  active.stage().get(),
                  DidYouMean.hint(active.stage().get(), catalog.stages().keySet())));
    }
    if (active.variant().isPresent()
        && stage.isPresent()
        && !stage.get().variants().containsKey(active.variant().get())) {
      errors.add(
          active.root().find("current_variant").orElse(active.root()),
          "stage \"%s\" has no variant \"%s\""
              .formatted(stage.get().key(), active.variant().get()));
    }
    history(active);
  }

  private void history(ActiveStage active) {
    Node node = active.root().find("history").orElse(active.root());
    LocalDateTime end = LocalDateTime.MIN;
    for (int i = 0; i < active.history().size(); i++) {
      Activation entry = active.history().get(i);
      Optional<LocalDateTime> from = entry.activatedAt().flatMap(Timestamps::parse);
      Optional<LocalDateTime> to = entry.deactivatedAt().flatMap(Timestamps::parse);
      boolean last = i == active.history().size() - 1;
      Node place = node instanceof Node.Sequence list ? list.values().get(i) : node;
      if (from.isPresent() && from.get().isBefore(end)) {
        warnings.add(place, "history overlaps: this stage begins before the one before it ends");
      }
      if (from.isPresent() && to.isPresent() && to.get().isBefore(from.get())) {
        warnings.add(place, "this stage ends before it begins");
      }
      if (!last && entry.deactivatedAt().isEmpty()) {
        warnings.add(place, "this stage has no deactivated_at, though another one follows");
      }
      end = to.or(() -> from).orElse(end);
    }
    if (!active.history().isEmpty()
        && !active.history().get(active.history().size() - 1).stage().equals(active.stage())) {
      warnings.add(node, "the last stage of the history is not current_stage");
    }
  }
}
