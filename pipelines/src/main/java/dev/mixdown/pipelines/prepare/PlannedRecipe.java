package dev.mixdown.pipelines.prepare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.recipes.Recipe;
import java.util.Optional;

/**
 * The recipe that a stage will be trained by. No sample depends on it.
 *
 * @param checkData whether the data have to be what it requires
 */
public record PlannedRecipe(Recipe recipe, boolean checkData) {
  /** What documents name it by. */
  ObjectNode reference() {
    return recipe.reference();
  }

  /** What is looked for in records; empty where they are not checked. */
  Optional<DataRequirements> requirements() {
    return checkData ? Optional.of(recipe.dataRequirements()) : Optional.empty();
  }
}
