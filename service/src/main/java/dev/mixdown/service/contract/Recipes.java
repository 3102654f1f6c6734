package dev.mixdown.service.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.recipes.RecipeValidation;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.recipes.RecipeLibrary.Found;
import dev.mixdown.recipes.RecipeName;
import dev.mixdown.recipes.TaskType;
import dev.mixdown.recipes.adapting.Adaptation;
import dev.mixdown.recipes.adapting.GpuMemory;
import dev.mixdown.recipes.adapting.ModelSize;
import dev.mixdown.recipes.adapting.Overrides;
import dev.mixdown.recipes.checking.DataRules;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Recipes: listed, found, applied and held against rules. */
public final class Recipes {
  private final Site site;

  public Recipes(Site site) {
    this.site = site;
  }

  /** {@code GET recipes}. */
  public Answer list(Request request) {
    Optional<String> type = request.text("task_type").map(Recipes::taskType);
    Optional<String> tag = request.text("tag");
    ArrayNode list = Json.array();
    for (Found found : newest()) {
      Recipe recipe = found.recipe();
      if (type.filter(t -> !recipe.taskType().word().equals(t)).isEmpty()
          && tag.filter(t -> !recipe.tags().contains(t)).isEmpty()) {
        ObjectNode one = list.addObject().put("id", recipe.id()).put("name", recipe.name());
        one.put("description", recipe.description()).put("task_type", recipe.taskType().word());
        one.put("algorithm", recipe.algorithm().word());
        one.set("tags", Json.tree(recipe.tags()));
        one.put("version", recipe.version().text());
      }
    }
    return Answer.of(list);
  }

  /** A task type that there is. */
  static String taskType(String word) {
    if (!TaskType.words().contains(word)) {
      throw HttpProblem.of(
          400,
          "the task type \"%s\" is not known%s"
              .formatted(word, DidYouMean.hint(word, TaskType.words())));
    }
    return word;
  }

  private List<Found> newest() {
    return site.holdings().recipes().newest(new Problems());
  }

  /** {@code GET recipes/task-types}. */
  public Answer taskTypes(Request request) {
    return Answer.of(Json.tree(TaskType.words()));
  }

  /** {@code GET recipes/tags}. */
  public Answer tags(Request request) {
    return Answer.of(
        Json.tree(
            newest().stream()
                .flatMap(found -> found.recipe().tags().stream())
                .distinct()
                .sorted()
                .toList()));
  }

  /** {@code GET recipes/{recipe_id}}. */
  public Answer get(Request request) {
    Recipe recipe = find(site, request.value("recipe_id"));
    return Answer.of(recipe.json()).unchanging(recipe.sha256());
  }

  /**
   * The recipe of a name.
   *
   * @throws HttpProblem 404
   */
  public static Recipe find(Site site, String name) {
    RecipeLibrary library = site.holdings().recipes();
    RecipeName parsed;
    try {
      parsed = RecipeName.parse(name);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.notFound("recipe \"%s\": %s".formatted(name, e.getMessage()));
    }
    if (!library.ids().contains(parsed.id())) {
      throw HttpProblem.notFound(
          "there is no recipe \"%s\"%s"
              .formatted(name, DidYouMean.hint(parsed.id(), library.ids())));
    }
    return library.find(parsed).recipe();
  }

  /** {@code POST recipes/apply}. */
  public Answer apply(Request request) throws IOException {
    Recipe recipe = find(site, request.body().path("recipe_id").asText());
    Optional<String> manifest = request.said("manifest");
    long gpus = request.said("num_gpus", 0);
    Adaptation.Request asked =
        new Adaptation.Request(
            size(request),
            gpus == 0 ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(gpus)),
            memory(request),
            Overrides.of(mapping("overrides", request.object("overrides"))),
            manifest.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(site.manifest(manifest.get()).manifest().samples()));
    return Answer.of(Adaptation.of(recipe, asked).json());
  }

  private static Optional<ModelSize> size(Request request) {
    try {
      return request.said("model_size").map(ModelSize::parse);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.invalid("model_size", String.valueOf(e.getMessage()));
    }
  }

  private static long memory(Request request) {
    try {
      return request.said("gpu_memory").map(GpuMemory::parse).orElse(GpuMemory.USUAL);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.invalid("gpu_memory", String.valueOf(e.getMessage()));
    }
  }

  /** {@code POST recipes/validate}. */
  public Answer validate(Request request) throws IOException {
    Recipe recipe = find(site, request.body().path("recipe_id").asText());
    RecipeValidation validation =
        RecipeValidation.of(
            new RecipeValidation.Request(
                recipe,
                mapping("config", request.object("config")),
                size(request).map(ModelSize::sizeClass).orElse(recipe.sizeHint()),
                DataRules.USUAL_CHARACTERS),
            Optional.empty());
    return Answer.of(validation.json());
  }

  /** A config of a request, as configs are read everywhere. */
  static Node.Mapping mapping(String name, ObjectNode object) {
    Problems problems = new Problems("the request");
    Optional<Node> node = JsonTree.values(Json.line(object), name, problems);
    problems.throwIfAny();
    return (Node.Mapping) node.orElseThrow();
  }
}
