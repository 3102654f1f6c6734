package dev.mixdown.pipelines;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Secrets;
import dev.mixdown.registry.catalog.CatalogPlace;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.events.EventSettings;
import dev.mixdown.storage.Digests;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a person set: by flags, else by the environment of the process, else nothing, and then
 * defaults hold. It is read once, where the process begins (the command line, the service), and
 * handed down from there; nothing below looks at the environment.
 *
 * <p>Credentials of stores are not in it: each worker looks up its own.
 */
public final class Settings implements AutoCloseable {
  /** The flags that have a variable, or a default that depends on one. */
  public static final String WORKSPACE = "--workspace";

  public static final String REGISTRY = "--registry";
  public static final String OUTPUT = "--output";
  public static final String ENVIRONMENT = "--environment";
  public static final String CATALOG = "--catalog";

  /** The output folder where none is set, for commands that look at one. */
  public static final String USUAL_OUTPUT = "out";

  private static final String USUAL_REGISTRY = "registry";

  /** The registry's name before. */
  private static final String OLD_REGISTRY = "records";

  private static final String EVENT_KEY = "OPENLINEAGE_API_KEY";
  private static final String CATALOG_PASSWORD = "MIXDOWN_CATALOG_PASSWORD";

  /** What is shown of a secret. */
  private static final String SET = "set";

  /** What is only said to be set, or not. */
  private static final List<String> SECRETS =
      List.of(
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "OBS_ACCESS_KEY_ID",
          "OBS_SECRET_ACCESS_KEY",
          "OBS_SECURITY_TOKEN",
          EVENT_KEY,
          CATALOG_PASSWORD);

  /** What else is read, in the order in which it is shown. */
  private static final List<String> VARIABLES =
      List.of(
          "TRAINING_STAGE",
          "AB_VARIANT",
          "STAGE_CONFIG_PATH",
          "FORCE_DATASET_CONFIG",
          "TRAINING_TASKS",
          "MIXDOWN_STAGE",
          "MIXDOWN_VARIANT",
          "AWS_ENDPOINT_URL_S3",
          "AWS_ENDPOINT_URL",
          "AWS_REGION",
          "AWS_DEFAULT_REGION",
          "S3_PATH_STYLE",
          "AWS_PROFILE",
          "OBS_ENDPOINT",
          "OBS_REGION",
          "OBS_PATH_STYLE",
          "OBS_PROFILE",
          "OPENLINEAGE_URL",
          "OPENLINEAGE_ENDPOINT",
          "OPENLINEAGE_NAMESPACE",
          "OPENLINEAGE_PARENT_ID",
          "MIXDOWN_JAVA_OPTS",
          "MIXDOWN_LOG",
          "MIXDOWN_TRACE");

  /** What is shown as a flag, or decides a default. */
  private static final List<String> OTHERS =
      List.of(
          "MIXDOWN_WORKSPACE",
          "MIXDOWN_REGISTRY",
          "MIXDOWN_RECORDS",
          "MIXDOWN_OUTPUT",
          "MIXDOWN_ENVIRONMENT",
          "MIXDOWN_CATALOG",
          "XDG_CACHE_HOME",
          "HOME");

  private final Map<String, String> flags;

  /** The variables that are read, without secrets. */
  private final Map<String, String> environment;

  /** The secrets that are set. */
  private final Set<String> secrets;

  /** The key of the endpoint of events, which this process uses itself. */
  private final Optional<String> eventKey;

  /** The password of databases, likewise. */
  private final Optional<String> databasePassword;

  private final Storage storage;

  private Settings(
      Map<String, String> flags,
      Map<String, String> environment,
      Set<String> secrets,
      Optional<String> eventKey,
      Optional<String> databasePassword,
      Storage storage) {
    this.flags = flags;
    this.environment = environment;
    this.secrets = secrets;
    this.eventKey = eventKey;
    this.databasePassword = databasePassword;
    this.storage = storage;
  }

  /**
   * What an environment says, without any flag.
   *
   * @throws IllegalArgumentException when a variable of a store has a value that it may not have
   */
  public static Settings of(Map<String, String> environment) {
    Map<String, String> read = new HashMap<>();
    Stream.of(VARIABLES, OTHERS)
        .flatMap(List::stream)
        .filter(name -> isSet(environment, name))
        .forEach(name -> read.put(name, environment.get(name)));
    Set<String> secrets =
        SECRETS.stream().filter(name -> isSet(environment, name)).collect(Collectors.toSet());
    return new Settings(
        Map.of(),
        Map.copyOf(read),
        Set.copyOf(secrets),
        Optional.ofNullable(environment.get(EVENT_KEY)),
        Optional.ofNullable(environment.get(CATALOG_PASSWORD)),
        Storage.of(environment));
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isBlank();
  }

  /** The same, with a flag; {@code null} where it was not given. */
  public Settings with(String flag, @Nullable String value) {
    if (value == null) {
      return this;
    }
    Map<String, String> more = new HashMap<>(flags);
    more.put(flag, value);
    return new Settings(more, environment, secrets, eventKey, databasePassword, storage);
  }

  /**
   * One setting.
   *
   * @param name the flag's, or the variable's
   * @param value empty where it is not set and has no default; {@code set} for a secret
   * @param source a flag, a variable, or {@code default}
   */
  public record Setting(String name, Optional<String> value, Optional<String> source) {}

  /** All settings, with where each comes from. */
  public List<Setting> list() throws IOException {
    List<Setting> all = new ArrayList<>();
    all.add(setting(WORKSPACE, Optional.of(workspaceFolder()), "MIXDOWN_WORKSPACE"));
    all.add(setting(REGISTRY, Optional.of(registry()), "MIXDOWN_REGISTRY", "MIXDOWN_RECORDS"));
    all.add(setting(OUTPUT, output(), "MIXDOWN_OUTPUT"));
    all.add(
        setting(ENVIRONMENT, flagOr(ENVIRONMENT, "MIXDOWN_ENVIRONMENT"), "MIXDOWN_ENVIRONMENT"));
    all.add(
        setting(CATALOG, Optional.of(catalog(registry()).address().toString()), "MIXDOWN_CATALOG"));
    VARIABLES.forEach(name -> all.add(variable(name, text(name).map(Secrets::masked))));
    SECRETS.forEach(
        name -> all.add(variable(name, Optional.of(SET).filter(s -> secrets.contains(name)))));
    return all;
  }

  /** The document that {@code settings --json} prints. */
  public ObjectNode json() throws IOException {
    ObjectNode document = Json.object();
    ArrayNode settings = document.putArray("settings");
    for (Setting setting : list()) {
      settings
          .addObject()
          .put("name", setting.name())
          .put("value", setting.value().orElse(null))
          .put("source", setting.source().orElse(null));
    }
    return document;
  }

  private Setting setting(String flag, Optional<String> value, String... variables) {
    if (flags.containsKey(flag)) {
      return new Setting(flag, value, Optional.of("flag"));
    }
    for (String variable : variables) {
      if (text(variable).isPresent()) {
        return new Setting(flag, value, Optional.of(variable));
      }
    }
    return new Setting(flag, value, value.map(v -> "default"));
  }

  private static Setting variable(String name, Optional<String> value) {
    return new Setting(name, value, value.map(v -> "environment"));
  }

  private Optional<String> text(String variable) {
    return Optional.ofNullable(environment.get(variable));
  }

  private Optional<String> flagOr(String flag, String variable) {
    return Optional.ofNullable(flags.get(flag))
        .or(() -> text(variable))
        .filter(value -> !value.isBlank());
  }

  /** Where files are read and written. */
  public Storage storage() {
    return storage;
  }

  /**
   * Where what was read is kept.
   *
   * @throws ConfigException where there is no place for it
   */
  public Workspace workspace() {
    return new Workspace(storage, workspaceFolder());
  }

  private String workspaceFolder() {
    return flagOr(WORKSPACE, "MIXDOWN_WORKSPACE")
        .map(StoragePath::absolute)
        .orElseGet(() -> cache().toString());
  }

  private Path cache() {
    // Java's own user.home knows only the password file, which containers often lack.
    return text("XDG_CACHE_HOME")
        .map(cache -> Path.of(cache, "mixdown"))
        .or(() -> text("HOME").map(home -> Path.of(home, ".cache", "mixdown")))
        .orElseThrow(
            () ->
                new ConfigException(
                    "the workspace",
                    "HOME",
                    "is not set, so there is no place for a cache; set MIXDOWN_WORKSPACE, XDG_CACHE_HOME or HOME"));
  }

  /** Where prepare writes manifests; empty where none is set. */
  public Optional<String> output() {
    return flagOr(OUTPUT, "MIXDOWN_OUTPUT");
  }

  /** Whether the registry's folder was named by a flag. */
  public boolean namesRegistry() {
    return flags.containsKey(REGISTRY);
  }

  /**
   * The registry's folder: the one that is named, else the one in the output folder, which older
   * versions called {@code records}.
   */
  public String registry() throws IOException {
    Optional<String> named = flagOr(REGISTRY, "MIXDOWN_REGISTRY").or(() -> text("MIXDOWN_RECORDS"));
    if (named.isPresent()) {
      return named.get();
    }
    String output = output().orElse(USUAL_OUTPUT);
    String usual = StoragePath.resolve(output, USUAL_REGISTRY);
    String old = StoragePath.resolve(output, OLD_REGISTRY);
    return !isThere(usual) && isThere(old) ? old : usual;
  }

  /**
   * The database that the catalog of a registry is in: the one that is named, else a file in the
   * workspace, or in the user's cache where the workspace is in an object store.
   *
   * @throws ConfigException when it cannot be opened
   */
  public CatalogPlace catalog(String registry) {
    Optional<String> named = flagOr(CATALOG, "MIXDOWN_CATALOG");
    if (named.isPresent()) {
      return new CatalogPlace(database(named.get()), true);
    }
    String workspace = workspaceFolder();
    String folder = StoragePath.isLocal(workspace) ? workspace : cache().toString();
    String name = Digests.sha256(StoragePath.absolute(registry)).substring(0, 16);
    return new CatalogPlace(
        database(StoragePath.resolve(folder, "catalog/" + name + ".db")), false);
  }

  /**
   * A database that a user named.
   *
   * @throws ConfigException when it cannot be opened
   */
  public DatabaseAddress database(String address) {
    return DatabaseAddress.of(address, databasePassword);
  }

  private boolean isThere(String folder) throws IOException {
    // In an object store a folder is there when something lies in it: every run leaves an entry.
    return StoragePath.isLocal(folder)
        ? Files.isDirectory(StoragePath.local(folder))
        : StoragePath.isSupported(folder)
            && !storage.names(StoragePath.resolve(folder, "runs")).isEmpty();
  }

  /** The release repository in a folder, as it is seen with this environment. */
  public ReleaseRepository repository(String folder) {
    Map<String, String> variables = new HashMap<>(environment);
    String named = flags.get(ENVIRONMENT);
    if (named != null) {
      variables.put(ReleaseRepository.NAMED_ENVIRONMENT, named);
    }
    return new ReleaseRepository(storage, folder, variables);
  }

  /** The stage that a trainer is in: its script has it from {@code stage resolve}. */
  public Optional<String> trainersStage() {
    return text("MIXDOWN_STAGE");
  }

  /** The arm that a trainer is in, likewise. */
  public Optional<String> trainersVariant() {
    return text("MIXDOWN_VARIANT");
  }

  /**
   * Where lineage events go.
   *
   * @throws IllegalArgumentException when the endpoint is not a URL
   */
  public EventSettings events() {
    Map<String, String> variables = new HashMap<>(environment);
    eventKey.ifPresent(key -> variables.put(EVENT_KEY, key));
    return EventSettings.from(variables);
  }

  /**
   * Where events wait to be sent: in the workspace that this machine's processes share, or beside
   * it where that is in an object store.
   */
  public Path outboxes() {
    Optional<String> shared = text("MIXDOWN_WORKSPACE").map(StoragePath::absolute);
    return shared
        .filter(folder -> StoragePath.scheme(folder).isEmpty())
        .map(Path::of)
        .orElseGet(this::cache)
        .resolve("outbox");
  }

  /** Closes all connections. */
  @Override
  public void close() {
    storage.close();
  }
}
