package dev.mixdown.recipes;

import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.FileText;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A recipe as it lies in a file: perhaps only what differs from another one.
 *
 * @param path what messages call it
 * @param text as it lies there
 * @param base what it extends
 */
public record RecipeFile(
    Origin origin,
    String path,
    String text,
    Node.Mapping root,
    String id,
    Version version,
    Optional<RecipeName> base) {
  /** What is said where a recipe cannot be used. */
  public static final String WHAT = "the recipe";

  private static final String EXTENDS = "extends";

  private static final List<String> BUILT_IN =
      List.of(
          "sft_basic",
          "sft_large_scale",
          "grpo_basic",
          "grpo_large_scale",
          "dpo_basic",
          "ppo_classic",
          "math_reasoning_grpo",
          "general_chat_sft",
          "code_generation_ppo");

  /** Where recipes come from. */
  public enum Origin {
    BUILT_IN("built in"),
    REPOSITORY("repository"),
    REGISTRY("registry"),
    FILE("file");

    private final String title;

    Origin(String title) {
      this.title = title;
    }

    /** For people. */
    public String title() {
      return title;
    }
  }

  /** The recipes that come with mixdown. */
  public static List<RecipeFile> builtIn() {
    List<RecipeFile> files = new ArrayList<>();
    for (String id : BUILT_IN) {
      Problems problems = new Problems(WHAT);
      String text = BundledText.of(RecipeFile.class, "/recipes/" + id + ".yaml");
      parse(text, id + ".yaml", Origin.BUILT_IN, problems).ifPresent(files::add);
      problems.throwIfAny();
    }
    return files;
  }

  /** Reads the bytes of a file; empty, with problems, where they are no recipe. */
  public static Optional<RecipeFile> parse(
      byte[] bytes, String path, Origin origin, Problems problems) {
    return FileText.of(bytes, path, problems).flatMap(text -> parse(text, path, origin, problems));
  }

  /** Reads the text of a file; empty, with problems, where it is no recipe. */
  public static Optional<RecipeFile> parse(
      String text, String path, Origin origin, Problems problems) {
    Problems found = new Problems();
    Optional<Node> root = YamlTree.read(text, path, found);
    Optional<RecipeFile> file = Optional.empty();
    if (root.isPresent() && root.get() instanceof Node.Mapping mapping) {
      file = identified(mapping, text, path, origin, found);
    } else if (root.isPresent()) {
      found.add(root.get(), "the document is " + root.get().kind() + "; an object is expected");
    }
    found.list().forEach(problems::add);
    return found.isEmpty() ? file : Optional.empty();
  }

  private static Optional<RecipeFile> identified(
      Node.Mapping root, String text, String path, Origin origin, Problems problems) {
    Fields fields = Fields.of(root, problems);
    Optional<RecipeName> base = fields.text(EXTENDS).flatMap(name -> name(name, fields, problems));
    if (base.isEmpty()) {
      // A whole recipe is checked as a whole.
      return RecipeReader.read(root, problems)
          .map(
              recipe ->
                  new RecipeFile(
                      origin, path, text, root, recipe.id(), recipe.version(), Optional.empty()));
    }
    Optional<String> id = fields.requiredText("id");
    Optional<Version> version = fields.requiredText("version").flatMap(Version::of);
    if (version.isEmpty() && fields.node("version").isPresent()) {
      problems.add(fields.node("version").orElseThrow(), "version is no version as 1.0.0");
    }
    return id.isEmpty() || version.isEmpty()
        ? Optional.empty()
        : Optional.of(new RecipeFile(origin, path, text, root, id.get(), version.get(), base));
  }

  private static Optional<RecipeName> name(String text, Fields fields, Problems problems) {
    try {
      return Optional.of(RecipeName.parse(text));
    } catch (IllegalArgumentException e) {
      problems.add(
          fields.node(EXTENDS).orElseThrow(), EXTENDS + ": " + String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** The same, with another text of the file. */
  public RecipeFile withText(@Nullable String other) {
    return new RecipeFile(origin, path, other == null ? text : other, root, id, version, base);
  }

  /** Its id and version, as people write them. */
  public String fullName() {
    return id + "@" + version;
  }

  /** A problem with what it extends. */
  Problem problem(String message) {
    Node at = root.find(EXTENDS).orElse(root);
    return new Problem(at.place(), at.pointer(), message);
  }
}
