package dev.mixdown.service.pages;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.TaskType;
import dev.mixdown.recipes.adapting.Adaptation;
import dev.mixdown.recipes.adapting.Adapted;
import dev.mixdown.recipes.adapting.GpuMemory;
import dev.mixdown.recipes.adapting.ModelSize;
import dev.mixdown.recipes.adapting.Overrides;
import dev.mixdown.recipes.adapting.PlanException;
import dev.mixdown.recipes.checking.ConfigRules;
import dev.mixdown.recipes.checking.Finding;
import dev.mixdown.service.contract.Recipes;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Site;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Recipes: by type and tag, and fitted to a model and some GPUs with every value explained. */
public final class RecipesPage {
  private final Site site;
  private final Renderer renderer;

  /** The list. */
  public record Listed(
      String type,
      String tag,
      List<String> types,
      List<String> tags,
      List<Recipe> recipes,
      List<String> all) {}

  /** One, as it was adapted. */
  public record Adapting(
      Recipe recipe,
      String size,
      String gpus,
      String memory,
      @Nullable Adapted adapted,
      String problem,
      List<Finding> findings) {}

  RecipesPage(Site site, Renderer renderer) {
    this.site = site;
    this.renderer = renderer;
  }

  Answer list(Context context) {
    String type = Renderer.said(context, "task_type");
    String tag = Renderer.said(context, "tag");
    List<Recipe> all =
        site.holdings().recipes().newest(new Problems()).stream().map(f -> f.recipe()).toList();
    Listed listed =
        new Listed(
            type,
            tag,
            TaskType.words(),
            all.stream().flatMap(recipe -> recipe.tags().stream()).distinct().sorted().toList(),
            all.stream()
                .filter(recipe -> type.isEmpty() || recipe.taskType().word().equals(type))
                .filter(recipe -> tag.isEmpty() || recipe.tags().contains(tag))
                .toList(),
            all.stream().map(Recipe::id).toList());
    return renderer.render(
        "recipes", renderer.page(context, "Recipes", "Recipes"), Map.of("listed", listed));
  }

  Answer show(Context context) {
    Recipe recipe = Recipes.find(site, context.pathParam("id"));
    String size = Renderer.said(context, "model_size");
    String gpus = Renderer.said(context, "gpus");
    String memory = Renderer.said(context, "memory");
    Adapted adapted = null;
    String problem = "";
    try {
      adapted =
          Adaptation.of(
              recipe,
              new Adaptation.Request(
                  size.isEmpty() ? Optional.empty() : Optional.of(ModelSize.parse(size)),
                  gpus.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(gpus)),
                  memory.isEmpty() ? GpuMemory.USUAL : GpuMemory.parse(memory),
                  Overrides.NONE,
                  OptionalLong.empty()));
    } catch (PlanException | ConfigException e) {
      problem = String.valueOf(e.getMessage());
    } catch (NumberFormatException e) {
      problem = "GPUs: \"" + gpus + "\"; a whole number is expected";
    } catch (IllegalArgumentException e) {
      problem = String.valueOf(e.getMessage());
    }
    Adapted there = adapted;
    List<Finding> findings =
        there == null
            ? List.of()
            : new ConfigRules(recipe.algorithm(), there.size().sizeClass(), there.config())
                .findings(OptionalLong.empty());
    Map<String, Object> values = new HashMap<>();
    values.put("view", new Adapting(recipe, size, gpus, memory, adapted, problem, findings));
    return renderer.render("recipe", renderer.page(context, recipe.id(), "Recipes"), values);
  }
}
