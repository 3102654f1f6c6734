package dev.mixdown.configs;

import dev.mixdown.configs.StageCatalog.Stage;
import dev.mixdown.configs.StageCatalog.Variant;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.configs.tree.DidYouMean;
import dev.mixdown.configs.tree.Node;
import dev.mixdown.configs.tree.Place;
import dev.mixdown.configs.tree.Problem;
import dev.mixdown.configs.tree.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A release repository: the folder that says which stages there are, which one is active, and which
 * datasets each uses. It tells which dataset config applies to a stage, and why.
 */
public final class ReleaseRepository {
  /** The stages' file. */
  public static final String STAGE_CONFIG = "stage_config.yaml";

  /** The active stage's file. */
  public static final String ACTIVE_STAGE = "active_stage.yaml";

  /** The dataset config where there are no stages. */
  public static final String TRAINING_DATASET = "training_dataset.json";

  private static final String CANNOT_OPEN =
      "paths of this kind cannot be opened by this version; use a local one";

  private final String folder;
  private final Map<String, String> environment;

  /**
   * @param folder where the repository lies
   * @param environment where {@code TRAINING_STAGE}, {@code AB_VARIANT}, {@code STAGE_CONFIG_PATH}
   *     and {@code FORCE_DATASET_CONFIG} are looked up
   */
  public ReleaseRepository(String folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /**
   * This repository with nothing in the environment that decides a stage, variant or config: what
   * its files say by themselves.
   */
  public ReleaseRepository unforced() {
    Map<String, String> rest = new HashMap<>(environment);
    List.of("TRAINING_STAGE", "AB_VARIANT", "FORCE_DATASET_CONFIG").forEach(rest::remove);
    return new ReleaseRepository(folder, rest);
  }

  /**
   * What in the environment decides the stage or its config whatever stage is active: the
   * variable's name and value.
   */
  public Optional<String> pinned() {
    return variable("TRAINING_STAGE")
        .filter(stage -> !stage.equals("auto"))
        .map(stage -> "TRAINING_STAGE=" + stage)
        .or(() -> variable("FORCE_DATASET_CONFIG").map(file -> "FORCE_DATASET_CONFIG=" + file));
  }

  /** The folder that relative {@code obs_path}s are seen from. */
  public String folder() {
    return folder;
  }

  /**
   * Which config applies to a stage.
   *
   * @param stage the stage's key; for a repository without stages, what the config calls itself
   * @param variant the arm, for an A/B stage
   * @param stageRule what decided the stage
   * @param variantRule what decided the variant; empty without one
   * @param configRule what decided the config
   * @param config the config
   */
  public record Resolution(
      String stage,
      Optional<String> variant,
      String stageRule,
      String variantRule,
      String configRule,
      DatasetConfig config) {

    /** The stage's place below an output folder: the stage, and the variant where there is one. */
    public String folder() {
      return variant.map(v -> stage + "/" + v).orElse(stage);
    }
  }

  /** A decision, and the rule that made it. */
  private record Decided<T>(T value, String rule) {}

  /**
   * Finds the config of a stage, by the rules of the release repository.
   *
   * @param choice what a command names
   * @throws dev.mixdown.configs.tree.ConfigException with every problem found on the way
   */
  public Resolution resolve(StageChoice choice) throws IOException {
    Problems problems = new Problems();
    if (!Storage.isSupported(folder)) {
      problems.add(folder, CANNOT_OPEN);
      problems.throwIfAny();
    }
    Optional<StageCatalog> catalog = catalog(problems);
    Optional<ActiveStage> active = active(problems);
    if (catalog.isEmpty() && !problems.isEmpty()) {
      // There are stages, but they cannot be read: what follows from none would not be true.
      problems.throwIfAny();
    }
    Optional<Decided<String>> stage = stage(choice.stage(), catalog, active, problems);
    Optional<Stage> known =
        stage.flatMap(s -> catalog.flatMap(c -> Optional.ofNullable(c.stages().get(s.value()))));
    Optional<Decided<Variant>> variant = known.flatMap(s -> variant(s, choice, active, problems));
    Optional<Decided<String>> file = configFile(known, variant, problems);
    Optional<DatasetConfig> config = Optional.empty();
    if (file.isPresent()) {
      config = config(file.get().value(), problems);
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

  /**
   * The stages, where the repository has any.
   *
   * @param problems takes what is wrong with the file
   */
  public Optional<StageCatalog> catalog(Problems problems) throws IOException {
    Optional<String> named = variable("STAGE_CONFIG_PATH");
    String file = catalogFile();
    Optional<String> text = text(file, problems);
    if (text.isEmpty() && named.isPresent() && Storage.isSupported(file)) {
      problems.add(file, "there is no such file; STAGE_CONFIG_PATH names it");
    }
    return text.flatMap(t -> StageCatalog.read(t, file, problems));
  }

  /** The stages' file, whose place {@code STAGE_CONFIG_PATH} may give. */
  public String catalogFile() {
    return variable("STAGE_CONFIG_PATH")
        .map(
            path ->
                path.endsWith(".yaml") || path.endsWith(".yml")
                    ? path
                    : Storage.resolve(path, STAGE_CONFIG))
        .orElse(Storage.resolve(folder, STAGE_CONFIG));
  }

  /** The active stage's file, beside that of the stages. */
  public String activeFile() {
    return Storage.resolve(Storage.folder(catalogFile()), ACTIVE_STAGE);
  }

  /** The active stage's file as it is now; empty when there is none. */
  public Optional<byte[]> activeBytes() throws IOException {
    return Storage.isSupported(activeFile()) ? Storage.read(activeFile()) : Optional.empty();
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
        .flatMap(b -> text(b, file, problems))
        .flatMap(t -> ActiveStage.read(t, file, problems));
  }

  private Optional<Decided<String>> stage(
      Optional<String> argument,
      Optional<StageCatalog> catalog,
      Optional<ActiveStage> active,
      Problems problems) {
    Optional<String> variable = variable("TRAINING_STAGE").filter(s -> !s.equals("auto"));
    Optional<Decided<String>> decided =
        argument
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
          .ifPresent(d -> problems.add(folder, "\"" + d.value() + "\" cannot be a stage's name"));
      return decided;
    }
    StageCatalog stages = catalog.get();
    if (decided.isEmpty() && variable("FORCE_DATASET_CONFIG").isEmpty()) {
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

  private Optional<Decided<Variant>> variant(
      Stage stage, StageChoice choice, Optional<ActiveStage> active, Problems problems) {
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
            .or(() -> variable("AB_VARIANT").map(v -> new Decided<>(v, "AB_VARIANT names it")))
            .or(
                () ->
                    active.flatMap(
                        a ->
                            a.variant()
                                .map(v -> new Decided<>(v, at(a.root(), "current_variant")))));
    String known = String.join(", ", stage.variants().keySet());
    if (decided.isEmpty() && variable("FORCE_DATASET_CONFIG").isPresent()) {
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
      Optional<Stage> stage, Optional<Decided<Variant>> variant, Problems problems)
      throws IOException {
    Optional<String> forced = variable("FORCE_DATASET_CONFIG");
    if (forced.isPresent()) {
      String file = locate(forced.get());
      if (!exists(file)) {
        problems.add(file, "there is no such file; FORCE_DATASET_CONFIG names it");
      }
      return Optional.of(new Decided<>(file, "FORCE_DATASET_CONFIG names it"));
    }
    Optional<Node> holder = variant.map(v -> v.value().node()).or(() -> stage.map(Stage::node));
    Optional<String> named =
        variant.isPresent() ? variant.get().value().configFile() : stage.flatMap(Stage::configFile);
    if (named.isPresent()) {
      String file = Storage.resolve(Storage.folder(catalogFile()), named.get());
      Node at = at(holder.orElseThrow());
      if (!exists(file)) {
        problems.add(at, "config_file \"" + named.get() + "\" does not exist: looked for " + file);
      }
      return Optional.of(new Decided<>(file, "config_file at " + at.place()));
    }
    if (stage.isPresent() && !stage.get().variants().isEmpty() && variant.isEmpty()) {
      return Optional.empty();
    }
    String file = Storage.resolve(folder, TRAINING_DATASET);
    if (!exists(file)) {
      problems.add(
          folder,
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

  /** The file that a person names: one of the repository, else one seen from where they are. */
  public String locate(String name) throws IOException {
    String inRepository = Storage.resolve(folder, name);
    return exists(inRepository) || !exists(name) ? inRepository : name;
  }

  /**
   * Reads a dataset config.
   *
   * @param problems takes what is wrong with it
   * @return empty where there is none, or it is no JSON
   */
  public Optional<DatasetConfig> config(String file, Problems problems) throws IOException {
    Optional<String> text = text(file, problems);
    return text.flatMap(t -> new DatasetConfigReader(file, problems).read(t));
  }

  /** What the bytes of a dataset config say, as if it lay at {@code file}. */
  public Optional<DatasetConfig> config(byte[] bytes, String file, Problems problems) {
    return text(bytes, file, problems)
        .flatMap(t -> new DatasetConfigReader(file, problems).read(t));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static boolean exists(String file) throws IOException {
    return Storage.isSupported(file) && Storage.stat(file).isPresent();
  }

  /** A file's text; a problem where it is not UTF-8, or in a place that cannot be opened. */
  private static Optional<String> text(String file, Problems problems) throws IOException {
    if (!Storage.isSupported(file)) {
      problems.add(file, CANNOT_OPEN);
      return Optional.empty();
    }
    Optional<byte[]> bytes = Storage.read(file);
    return bytes.flatMap(b -> text(b, file, problems));
  }

  private static Optional<String> text(byte[] bytes, String file, Problems problems) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      problems.add(new Problem(Place.of(file), "", "the file is not UTF-8 text"));
      return Optional.empty();
    }
  }

  private static String at(Node root, String key) {
    return key + " at " + root.find(key).orElse(root).place();
  }
}
