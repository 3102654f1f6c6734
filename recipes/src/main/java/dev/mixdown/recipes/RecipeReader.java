package dev.mixdown.recipes;

import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.DataRequirements.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a recipe that extends nothing, or into which what it extends was put. */
final class RecipeReader {
  /** The keys of a value that says where it comes from. */
  private static final String VALUE = "value";

  private static final String SOURCE = "source";

  private static final long MOST_GPUS = 1_000_000;

  private final Problems problems;
  private final Map<String, String> sources = new TreeMap<>();

  private RecipeReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * The recipe of a tree; empty where something is missing or wrong, which is among the problems.
   */
  static Optional<Recipe> read(Node root, Problems problems) {
    Problems found = new Problems();
    Recipe recipe = new RecipeReader(found).recipe(Fields.of(root, found), root.place());
    found.list().forEach(problems::add);
    return found.isEmpty() ? Optional.of(recipe) : Optional.empty();
  }

  private Recipe recipe(Fields fields, Place place) {
    fields.node("extends");
    String id = fields.requiredText("id").orElse("");
    Optional<String> idProblem = id.isEmpty() ? Optional.empty() : RecipeName.idProblem(id);
    idProblem.ifPresent(
        problem ->
            problems.add(
                fields.node("id").orElseThrow(),
                "id is the text \"%s\"; it %s".formatted(id, problem)));
    Version version = version(fields);
    String name = fields.text("name").orElse(title(id));
    String description = fields.requiredText("description").orElse("");
    TaskType task =
        required(fields, "task_type", TaskType.words()).flatMap(TaskType::of).orElse(TaskType.SFT);
    Algorithm algorithm =
        required(fields, "recommended_algorithm", Algorithm.words())
            .flatMap(Algorithm::of)
            .orElse(Algorithm.SFT);
    Node.Mapping config = config(fields, place);
    // Documents have them beside the config, files beside each value.
    sources.putAll(texts(fields, "sources"));
    DataRequirements data =
        fields.object("data_requirements").map(this::data).orElse(DataRequirements.NONE);
    long least = fields.integer("min_gpus", 1, MOST_GPUS).orElse(1L);
    long recommended = fields.integer("recommended_gpus", 1, MOST_GPUS).orElse(Math.max(1, least));
    if (recommended < least) {
      problems.add(
          fields.node("recommended_gpus").orElse(fields.mapping()),
          "recommended_gpus is %d, fewer than min_gpus, %d".formatted(recommended, least));
    }
    SizeClass size =
        required(fields, "model_size_hint", SizeClass.words())
            .flatMap(SizeClass::of)
            .orElse(SizeClass.MEDIUM);
    List<String> tags = fields.texts("tags").stream().sorted().distinct().toList();
    Recipe recipe =
        new Recipe(
            id,
            version,
            name,
            description,
            task,
            algorithm,
            config,
            sources,
            data,
            fields.texts("tips"),
            texts(fields, "notes"),
            size,
            (int) least,
            (int) recommended,
            tags,
            fields.text("author").orElse(""));
    fields.refuseOthers();
    return recipe;
  }

  private Optional<String> required(Fields fields, String key, List<String> words) {
    return fields.required(key).isPresent() ? fields.choice(key, words) : Optional.empty();
  }

  private Version version(Fields fields) {
    Optional<String> text = fields.required("version").flatMap(fields::text);
    Optional<Version> version = text.flatMap(Version::of);
    if (text.isPresent() && version.isEmpty()) {
      problems.add(
          fields.node("version").orElseThrow(),
          "version is the text \"%s\"; three numbers with dots are expected, as 1.0.0 (semver.org)"
              .formatted(text.get()));
    }
    return version.or(() -> Version.of("0.0.0")).orElseThrow();
  }

  /** {@code sft_basic} is "Sft Basic". */
  static String title(String id) {
    return Stream.of(id.split("[_-]+"))
        .filter(word -> !word.isEmpty())
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining(" "));
  }

  private static Map<String, String> texts(Fields fields, String key) {
    Map<String, String> texts = new TreeMap<>();
    fields
        .object(key)
        .ifPresent(
            inner ->
                inner
                    .mapping()
                    .values()
                    .keySet()
                    .forEach(name -> inner.text(name).ifPresent(text -> texts.put(name, text))));
    return texts;
  }

  private Node.Mapping config(Fields fields, Place place) {
    Optional<Node> node = fields.required("default_config");
    if (node.isPresent() && node.get() instanceof Node.Mapping mapping) {
      return (Node.Mapping) values(mapping, "");
    }
    node.ifPresent(
        other ->
            problems.add(other, "default_config is " + other.kind() + "; an object is expected"));
    return new Node.Mapping(place, fields.mapping().at(), Map.of(), Map.of());
  }

  /** The config without the sources of its values, which are kept by their paths. */
  private Node values(Node node, String path) {
    if (node instanceof Node.Mapping mapping) {
      if (mapping.values().size() == 2
          && mapping.values().containsKey(VALUE)
          && mapping.values().get(SOURCE) instanceof Node.Text source) {
        sources.put(path, source.value());
        return values(mapping.values().get(VALUE), path);
      }
      Map<String, Node> values = new LinkedHashMap<>();
      mapping
          .values()
          .forEach(
              (key, value) ->
                  values.put(key, values(value, path.isEmpty() ? key : path + "." + key)));
      return new Node.Mapping(mapping.place(), mapping.at(), values, mapping.keys());
    }
    return node;
  }

  private DataRequirements data(Fields fields) {
    List<Shape> shapes = new ArrayList<>();
    for (Node shape : fields.list("any_of")) {
      shapes.add(shape(Fields.of(shape, problems)));
    }
    List<String> different = fields.texts("different");
    if (!different.isEmpty() && different.size() != 2) {
      problems.add(
          fields.node("different").orElseThrow(),
          "different has %d names; two fields are expected".formatted(different.size()));
      different = List.of();
    }
    for (String name : different) {
      if (shapes.stream().noneMatch(shape -> shape.names().contains(name))) {
        problems.add(
            fields.node("different").orElseThrow(),
            "different names \"%s\", which is in no shape of any_of".formatted(name));
      }
    }
    Optional<Long> least = fields.integer("min_samples", 0, Long.MAX_VALUE);
    fields.refuseOthers();
    return new DataRequirements(shapes, different, least.orElse(null));
  }

  private Shape shape(Fields fields) {
    List<String> names = new ArrayList<>();
    List<FieldType> types = new ArrayList<>();
    for (String name : fields.mapping().values().keySet()) {
      fields
          .choice(name, FieldType.words())
          .flatMap(FieldType::of)
          .ifPresent(
              type -> {
                names.add(name);
                types.add(type);
              });
    }
    if (names.isEmpty()) {
      problems.add(
          new Problem(
              fields.mapping().place(),
              fields.mapping().pointer(),
              "a shape of records names no field; write it as {prompt: text, response: text}"));
    }
    return new Shape(names, types);
  }
}
