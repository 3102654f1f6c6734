package dev.mixdown.configs.repository;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.datasets.DatasetConfigReader;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalogReader;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.FileText;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.Causes;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.FileSystemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A release repository: the folder that says which stages there are, which one is active, and which
 * datasets each uses. It tells which dataset config applies to a stage, and why.
 */
public final class ReleaseRepository implements Serializable {
  private static final long serialVersionUID = 1;

  /** The stages' file. */
  public static final String STAGE_CONFIG = "stage_config.yaml";

  /** The active stage's file. */
  public static final String ACTIVE_STAGE = "active_stage.yaml";

  /** The dataset config where there are no stages. */
  public static final String TRAINING_DATASET = "training_dataset.json";

  /** Where the environment stands that a command names, before any variable. */
  public static final String NAMED_ENVIRONMENT = "--environment";

  private final Storage storage;
  private final String folder;
  private final HashMap<String, String> environment;

  /**
   * @param storage through which its files are read
   * @param folder where the repository lies
   * @param environment where {@code TRAINING_STAGE}, {@code AB_VARIANT}, {@code STAGE_CONFIG_PATH}
   *     {@code FORCE_DATASET_CONFIG}, {@code TRAINING_TASKS} and {@code MIXDOWN_ENVIRONMENT} are
   *     looked up
   */
  public ReleaseRepository(Storage storage, String folder, Map<String, String> environment) {
    this.storage = storage;
    this.folder = folder;
    this.environment = new HashMap<>(environment);
  }

  /**
   * This repository with nothing in the environment that decides a stage, variant or config: what
   * its files say by themselves.
   */
  public ReleaseRepository unforced() {
    Map<String, String> rest = new HashMap<>(environment);
    List.of("TRAINING_STAGE", "AB_VARIANT", "FORCE_DATASET_CONFIG", "TRAINING_TASKS")
        .forEach(rest::remove);
    return new ReleaseRepository(storage, folder, rest);
  }

  /**
   * What in the environment decides the stage or its config whatever stage is active: the
   * variable's name and value.
   */
  public Optional<String> pinned() {
    return variable("TRAINING_STAGE")
        .filter(stage -> !stage.equals("auto"))
        .map(stage -> "TRAINING_STAGE=" + stage)
        .or(() -> forcedConfig().map(file -> "FORCE_DATASET_CONFIG=" + file));
  }

  /** The config that the environment sets for every stage. */
  public Optional<String> forcedConfig() {
    return variable("FORCE_DATASET_CONFIG");
  }

  /** Where its files are read and written. */
  public Storage storage() {
    return storage;
  }

  /** The folder that relative {@code obs_path}s are seen from. */
  public String folder() {
    return folder;
  }

  /**
   * Finds the config of a stage, by the rules of the release repository.
   *
   * @param choice what a command names
   * @throws dev.mixdown.configs.problems.ConfigException with every problem found on the way
   */
  public Resolution resolve(StageChoice choice) throws IOException {
    return new ResolutionRules(this, choice).resolve();
  }

  /**
   * The stages, where the repository has any.
   *
   * @param problems takes what is wrong with the file
   */
  public Optional<StageCatalog> catalog(Problems problems) throws IOException {
    Optional<String> named = variable("STAGE_CONFIG_PATH");
    String file = catalogFile();
    Optional<String> text = text(file, problems);
    if (text.isEmpty() && named.isPresent() && StoragePath.isSupported(file)) {
      problems.add(file, "there is no such file; STAGE_CONFIG_PATH names it");
    }
    return text.flatMap(
        t ->
            new StageCatalogReader(
                    file,
                    variable(NAMED_ENVIRONMENT).or(() -> variable("MIXDOWN_ENVIRONMENT")),
                    problems)
                .read(t));
  }

  /**
   * A stage by its key, as manifests name it; whatever the repository decides where it has no
   * stages.
   *
   * @throws dev.mixdown.configs.problems.ConfigException when the stages' file cannot be used
   */
  public StageChoice choice(String stage, Optional<String> variant) throws IOException {
    Problems problems = new Problems();
    Optional<StageCatalog> catalog = catalog(problems);
    problems.throwIfAny();
    return catalog.isPresent() ? StageChoice.of(stage, variant) : StageChoice.OPEN;
  }

  /** The stages' file, whose place {@code STAGE_CONFIG_PATH} may give. */
  public String catalogFile() {
    return variable("STAGE_CONFIG_PATH")
        .map(
            path ->
                path.endsWith(".yaml") || path.endsWith(".yml")
                    ? path
                    : StoragePath.resolve(path, STAGE_CONFIG))
        .orElse(StoragePath.resolve(folder, STAGE_CONFIG));
  }

  /** The active stage's file, beside that of the stages. */
  public String activeFile() {
    return StoragePath.resolve(StoragePath.folder(catalogFile()), ACTIVE_STAGE);
  }

  /** The active stage's file as it is now; empty when there is none. */
  public Optional<byte[]> activeBytes() throws IOException {
    return StoragePath.isSupported(activeFile()) ? storage.read(activeFile()) : Optional.empty();
  }

  /**
   * The active stage, where the repository says one.
   *
   * @param problems takes what is wrong with the file
   */
  public Optional<ActiveStage> active(Problems problems) throws IOException {
    // What is wrong with a place that cannot be opened is said of the stages' file, which is there.
    return active(activeBytes(), problems);
  }

  /** What the bytes of the active stage's file say. */
  public Optional<ActiveStage> active(Optional<byte[]> bytes, Problems problems) {
    String file = activeFile();
    return bytes
        .flatMap(b -> FileText.of(b, file, problems))
        .flatMap(t -> ActiveStage.read(t, file, problems));
  }

  /**
   * The dataset config that applies where no stage names one.
   *
   * @param catalog the stages, whose file may give it another name
   */
  public String defaultConfig(Optional<StageCatalog> catalog) {
    return StoragePath.resolve(
        folder, catalog.flatMap(StageCatalog::legacyConfigFile).orElse(TRAINING_DATASET));
  }

  /** The file that a person names: one of the repository, else one seen from where they are. */
  public String locate(String name) throws IOException {
    String inRepository = StoragePath.resolve(folder, name);
    return exists(inRepository) || !exists(name) ? inRepository : name;
  }

  /** Whether a person names a file by this. */
  public boolean isFile(String name) throws IOException {
    return exists(locate(name));
  }

  /**
   * Reads a dataset config.
   *
   * @param problems takes what is wrong with it
   * @return empty where there is none, or it is not JSON
   */
  public Optional<DatasetConfig> config(String file, Problems problems) throws IOException {
    return config(file, List.of(), problems);
  }

  /**
   * Reads a dataset config for some tasks.
   *
   * @param tasks whose datasets are taken; with none, those of all
   */
  public Optional<DatasetConfig> config(String file, List<String> tasks, Problems problems)
      throws IOException {
    Optional<String> text = text(file, problems);
    return text.flatMap(t -> new DatasetConfigReader(file, tasks, problems).read(t));
  }

  /** What the bytes of a dataset config say, as if it lay at {@code file}. */
  public Optional<DatasetConfig> config(byte[] bytes, String file, Problems problems) {
    return FileText.of(bytes, file, problems)
        .flatMap(t -> new DatasetConfigReader(file, List.of(), problems).read(t));
  }

  /** A variable of the environment that is set to something. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** Whether there is a file of this name, seen from where the process runs. */
  public boolean exists(String file) throws IOException {
    return StoragePath.isSupported(file) && storage.stat(file).isPresent();
  }

  /** A file's text; a problem where it is not UTF-8, or in a place that cannot be opened. */
  private Optional<String> text(String file, Problems problems) throws IOException {
    if (!StoragePath.isSupported(file)) {
      problems.add(file, StoragePath.cannotOpen(file));
      return Optional.empty();
    }
    try {
      return storage.read(file).flatMap(b -> FileText.of(b, file, problems));
    } catch (FileSystemException e) {
      problems.add(file, Causes.reason(e));
      return Optional.empty();
    }
  }
}
