package dev.mixdown.recipes;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The recipes that can be named: those that are built in, those of a release repository and those
 * of a registry. Of the same id and version there is one content.
 */
public final class RecipeLibrary {
  private final List<RecipeFile> files;
  private final List<Problem> problems;

  /**
   * @param files in the order in which they win where two say the same
   * @param problems with files that cannot be read; they matter where a recipe is not found
   */
  public RecipeLibrary(List<RecipeFile> files, List<Problem> problems) {
    this.files = List.copyOf(files);
    this.problems = List.copyOf(problems);
  }

  /**
   * A recipe, and the file that it was read from.
   *
   * @param recipe whole
   */
  public record Found(RecipeFile file, Recipe recipe) {}

  /** What is wrong with files that cannot be read. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * The newest version of each recipe, in the order of their files; and what cannot be expanded.
   */
  public List<Found> newest(Problems broken) {
    Map<String, RecipeFile> newest = new LinkedHashMap<>();
    files.forEach(file -> newest.merge(file.id(), file, RecipeLibrary::newer));
    List<Found> found = new ArrayList<>();
    newest.values().forEach(file -> expand(file, broken).ifPresent(found::add));
    return found;
  }

  /** The ids of all recipes, also of those that cannot be expanded. */
  public Set<String> ids() {
    return files.stream().map(RecipeFile::id).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static RecipeFile newer(RecipeFile a, RecipeFile b) {
    return b.version().compareTo(a.version()) > 0 ? b : a;
  }

  /**
   * All versions of a recipe, oldest first.
   *
   * @throws ConfigException when there is none of this id, or one cannot be expanded
   */
  public List<Found> versions(String id) {
    List<RecipeFile> all =
        files.stream()
            .filter(file -> file.id().equals(id))
            .sorted(Comparator.comparing(RecipeFile::version))
            .toList();
    if (all.isEmpty()) {
      throw unknown(new RecipeName(id, Optional.empty()));
    }
    Problems broken = new Problems(RecipeFile.WHAT);
    List<Found> found = new ArrayList<>();
    all.forEach(file -> expand(file, broken).ifPresent(found::add));
    broken.throwIfAny();
    return found;
  }

  /**
   * The recipe of a name; of an id alone, its newest version.
   *
   * @throws ConfigException when there is none, it cannot be used, or two files say different
   *     things under its name
   */
  public Found find(RecipeName name) {
    RecipeFile file = file(name).orElseThrow(() -> unknown(name));
    return expanded(file);
  }

  /**
   * A recipe that lies in a file of no library.
   *
   * @throws ConfigException when it cannot be used
   */
  public Found expanded(RecipeFile file) {
    Problems broken = new Problems(RecipeFile.WHAT);
    Optional<Found> found = expand(file, broken);
    broken.throwIfAny();
    Found one = found.orElseThrow();
    for (RecipeFile other : files) {
      if (other.fullName().equals(file.fullName())) {
        Optional<Found> same = expand(other, new Problems());
        if (same.isPresent() && !same.get().recipe().sha256().equals(one.recipe().sha256())) {
          throw new ConfigException(
              RecipeFile.WHAT,
              file.path(),
              "%s is also in %s (%s), with other content; give one of them another id or version"
                  .formatted(file.fullName(), other.path(), other.origin().title()));
        }
      }
    }
    return one;
  }

  /** The hash of a recipe that extends nothing; empty where it cannot be used. */
  public static Optional<String> sha256(RecipeFile whole) {
    return new RecipeLibrary(List.of(whole), List.of())
        .expand(whole, new Problems())
        .map(found -> found.recipe().sha256());
  }

  private Optional<RecipeFile> file(RecipeName name) {
    return files.stream()
        .filter(file -> file.id().equals(name.id()))
        .filter(file -> name.version().map(v -> v.compareTo(file.version()) == 0).orElse(true))
        .reduce(RecipeLibrary::newer);
  }

  private ConfigException unknown(RecipeName name) {
    List<Problem> all = new ArrayList<>(problems);
    all.add(new Problem(Place.of(name.toString()), "", whyUnknown(name)));
    return new ConfigException(RecipeFile.WHAT, all);
  }

  private String whyUnknown(RecipeName name) {
    List<String> versions =
        files.stream()
            .filter(file -> file.id().equals(name.id()))
            .map(file -> file.version().text())
            .distinct()
            .toList();
    if (!versions.isEmpty()) {
      return "there is no such version; known are " + String.join(", ", versions);
    }
    return "there is no such recipe" + DidYouMean.hint(name.id(), ids());
  }

  /** A recipe with everything that it extends; empty where that is not possible. */
  private Optional<Found> expand(RecipeFile file, Problems broken) {
    Problems found = new Problems();
    Optional<Node> whole = whole(file, new LinkedHashSet<>(), found);
    Optional<Recipe> recipe = whole.flatMap(node -> RecipeReader.read(node, found));
    found.list().forEach(broken::add);
    return recipe.map(r -> new Found(file, r));
  }

  private Optional<Node> whole(RecipeFile file, Set<String> below, Problems broken) {
    if (file.base().isEmpty()) {
      return Optional.of(file.root());
    }
    below.add(file.path());
    RecipeName name = file.base().get();
    Optional<RecipeFile> base = file(name);
    if (base.isEmpty()) {
      broken.add(file.problem("extends %s: %s".formatted(name, whyUnknown(name))));
      return Optional.empty();
    }
    if (below.contains(base.get().path())) {
      String chain =
          files.stream()
              .filter(f -> below.contains(f.path()))
              .map(RecipeFile::fullName)
              .collect(Collectors.joining(", "));
      broken.add(
          file.problem(
              "extends %s, which leads back to itself (%s); name a base that does not, perhaps with its version"
                  .formatted(name, chain.isEmpty() ? file.fullName() : chain)));
      return Optional.empty();
    }
    return whole(base.get(), below, broken)
        .map(node -> inherited(node, file.root()).overlaidBy(file.root()));
  }

  /**
   * What a recipe takes over from its base: not its name, and not what is said of values that the
   * recipe has its own of.
   */
  private static Node inherited(Node base, Node.Mapping own) {
    Set<String> changed =
        own.find("default_config")
            .filter(Node.Mapping.class::isInstance)
            .map(config -> ((Node.Mapping) config).values().keySet())
            .orElse(Set.of());
    Node.Mapping whole = (Node.Mapping) base;
    Map<String, Node> values = new LinkedHashMap<>(whole.values());
    values.remove("name");
    for (String about : List.of("notes", "sources")) {
      if (values.get(about) instanceof Node.Mapping texts) {
        Map<String, Node> rest = new LinkedHashMap<>(texts.values());
        rest.keySet().removeAll(changed);
        values.put(about, new Node.Mapping(texts.place(), texts.at(), rest, texts.keys()));
      }
    }
    return new Node.Mapping(whole.place(), whole.at(), values, whole.keys());
  }
}
