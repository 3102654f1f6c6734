package dev.mixdown.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.RecipeFile;
import dev.mixdown.recipes.RecipeName;
import org.jspecify.annotations.Nullable;

/**
 * A recipe as it was registered.
 *
 * @param id the recipe's id and version, as {@code my_sft@1.0.0}
 * @param recipe its id
 * @param version its version
 * @param sha256 the identity of its content
 * @param base what it extended; null for nothing
 * @param document the recipe, with what it extended; empty in a {@link #summary}
 * @param text its file, as it was written; empty in a {@link #summary}
 * @param registeredAt when
 */
public record RecipeEntry(
    String id,
    String recipe,
    String version,
    String sha256,
    @Nullable String base,
    @Nullable JsonNode document,
    @Nullable String text,
    String registeredAt)
    implements RegistryEntry {
  /** The entry of a recipe. */
  public static RecipeEntry of(RecipeFile file, Recipe recipe, String registeredAt) {
    return new RecipeEntry(
        recipe.fullName(),
        recipe.id(),
        recipe.version().text(),
        recipe.sha256(),
        file.base().map(RecipeName::toString).orElse(null),
        recipe.json(),
        file.text(),
        registeredAt);
  }

  @Override
  public EntryKind<RecipeEntry> entryKind() {
    return EntryKind.RECIPE;
  }

  @Override
  public RecipeEntry summary() {
    return new RecipeEntry(id, recipe, version, sha256, base, null, null, registeredAt);
  }
}
