package dev.mixdown.recipes.adapting;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.recipes.Recipe;
import java.util.List;

/**
 * A recipe fitted to a model and some GPUs.
 *
 * @param config to train with
 * @param changes how each value of the config came to be, in its order
 */
public record Adapted(
    Recipe recipe,
    ModelSize size,
    ParallelPlan plan,
    Node.Mapping config,
    List<Change> changes,
    List<String> warnings) {
  /**
   * The document: that of spec/platform.md, and what explains it; see recipes-apply.schema.json.
   */
  public ObjectNode json() {
    ObjectNode json = Json.object().put("recipe_id", recipe.id());
    json.put("version", recipe.version().text()).put("sha256", recipe.sha256());
    json.put("model_size", size.text());
    json.set("config", Json.tree(config.plain()));
    json.set("plan", plan.json());
    ArrayNode list = json.putArray("changes");
    changes.forEach(change -> list.add(change.json()));
    json.set("warnings", Json.tree(warnings));
    return json;
  }
}
