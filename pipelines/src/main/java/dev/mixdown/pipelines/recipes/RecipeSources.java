package dev.mixdown.pipelines.recipes;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.RecipeFile;
import dev.mixdown.recipes.RecipeFile.Origin;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.recipes.RecipeLibrary.Found;
import dev.mixdown.recipes.RecipeName;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.RecipeEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All recipes that can be named: built in, in {@code recipes/*.yaml} of a release repository, and
 * in a registry.
 */
public final class RecipeSources {
  /** The folder in a release repository; nothing below it is looked at. */
  private static final String FOLDER = "recipes";

  private final Storage storage;
  private final String repository;
  private final Registry registry;

  /**
   * @param repository the release repository's folder; it need not be there
   * @param registry it need not be there either
   */
  public RecipeSources(Storage storage, String repository, Registry registry) {
    this.storage = storage;
    this.repository = repository;
    this.registry = registry;
  }

  /** Reads all of them. */
  public RecipeLibrary library() throws IOException {
    Problems problems = new Problems(RecipeFile.WHAT);
    List<RecipeFile> files = new ArrayList<>(RecipeFile.builtIn());
    files.addAll(inRepository(problems));
    files.addAll(inRegistry(problems));
    return new RecipeLibrary(files, problems.list());
  }

  private List<RecipeFile> inRepository(Problems problems) throws IOException {
    String folder = StoragePath.resolve(repository, FOLDER);
    if (!StoragePath.isSupported(folder)) {
      problems.add(folder, StoragePath.cannotOpen(folder));
      return List.of();
    }
    List<RecipeFile> files = new ArrayList<>();
    for (String name : storage.names(folder).stream().sorted().toList()) {
      if (name.matches("[^.].*\\.ya?ml")) {
        String path = StoragePath.resolve(folder, name);
        Optional<byte[]> bytes = storage.read(path);
        bytes
            .flatMap(b -> RecipeFile.parse(b, path, Origin.REPOSITORY, problems))
            .ifPresent(files::add);
      }
    }
    return files;
  }

  private List<RecipeFile> inRegistry(Problems problems) throws IOException {
    List<RecipeFile> files = new ArrayList<>();
    List<String> ids = registry.ids(EntryKind.RECIPE);
    for (RecipeEntry entry : registry.readAll(EntryKind.RECIPE, ids)) {
      String path = registry.path(EntryKind.RECIPE, entry.id());
      Problems found = new Problems();
      Optional<RecipeFile> whole =
          RecipeFile.parse(Json.text(Json.tree(entry.document())), path, Origin.REGISTRY, found);
      Optional<String> hash = whole.flatMap(RecipeLibrary::sha256);
      if (hash.filter(entry.sha256()::equals).isEmpty()) {
        problems.add(
            new Problem(
                Place.of(path),
                "",
                "was changed after it was registered: its content is not what its hash says; restore it from a copy, or register it with another version"));
        continue;
      }
      whole.ifPresent(file -> files.add(file.withText(entry.text())));
    }
    return files;
  }

  /**
   * The recipe of a name, or in a file.
   *
   * @param name an id, {@code ID@VERSION}, or a path that ends in {@code .yaml}, {@code .yml} or
   *     {@code .json}
   * @throws ConfigException when there is none, or it cannot be used
   */
  public Found find(RecipeLibrary library, String name) throws IOException {
    if (isFile(name)) {
      return library.expanded(file(name));
    }
    try {
      return library.find(RecipeName.parse(name));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(RecipeFile.WHAT, name, String.valueOf(e.getMessage()));
    }
  }

  /** Whether a recipe is named by its file. */
  public static boolean isFile(String name) {
    return name.matches(".*\\.(ya?ml|json)");
  }

  /**
   * Reads a file of no library.
   *
   * @throws ConfigException when there is none, or it is no recipe
   */
  public RecipeFile file(String path) throws IOException {
    if (!StoragePath.isSupported(path)) {
      throw new ConfigException(RecipeFile.WHAT, path, StoragePath.cannotOpen(path));
    }
    byte[] bytes =
        storage
            .read(path)
            .orElseThrow(() -> new ConfigException(RecipeFile.WHAT, path, "there is no such file"));
    Problems problems = new Problems(RecipeFile.WHAT);
    Optional<RecipeFile> file = RecipeFile.parse(bytes, path, Origin.FILE, problems);
    problems.throwIfAny();
    return file.orElseThrow();
  }

  /**
   * What came of a registration.
   *
   * @param fresh whether it was not there before
   */
  public record Registered(Recipe recipe, String path, boolean fresh) {}

  /**
   * Registers the recipe in a file, with what it extends. It then is what it is: another content
   * needs another version.
   *
   * @param now when, as RFC 3339
   * @throws ConfigException when it cannot be used, or its id and version have another content
   */
  public Registered register(String path, String now) throws IOException {
    RecipeLibrary library = library();
    Found found = library.expanded(file(path));
    RecipeEntry entry = RecipeEntry.of(found.file(), found.recipe(), now);
    boolean fresh = registry.add(entry);
    Optional<RecipeEntry> there = registry.find(EntryKind.RECIPE, entry.id());
    if (there.isEmpty() || !there.get().sha256().equals(entry.sha256())) {
      throw new ConfigException(
          RecipeFile.WHAT,
          path,
          "%s is registered already, with other content; give it another version"
              .formatted(entry.id()));
    }
    return new Registered(found.recipe(), registry.path(EntryKind.RECIPE, entry.id()), fresh);
  }
}
