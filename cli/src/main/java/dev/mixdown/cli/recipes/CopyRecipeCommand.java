package dev.mixdown.cli.recipes;

import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.RecipeLibrary.Found;
import dev.mixdown.recipes.RecipeName;
import dev.mixdown.recipes.RecipeText;
import dev.mixdown.storage.StoragePath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Copies a recipe. */
@Command(
    name = "copy",
    description = {
      "Copy a recipe into a file, to edit it.",
      "",
      "The copy gets the file's name as its id; where that is the recipe's own, the next version."
    },
    sortOptions = false)
final class CopyRecipeCommand extends JsonCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "A recipe, ID or ID@VERSION.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "Where to, as recipes/my_sft.yaml; a file that is there is not replaced.")
  private String file = "";

  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Override
  public Integer call() throws Exception {
    if (!file.matches(".*\\.ya?ml")) {
      throw badUsage(file + " is no name of a recipe's file; let it end in .yaml");
    }
    Found found = recipes.find(name);
    String stem = StoragePath.name(file).replaceFirst("\\.ya?ml$", "");
    Optional<String> id = Optional.of(stem).filter(text -> RecipeName.idProblem(text).isEmpty());
    String text = RecipeText.copy(found, id);
    if (!storage().replace(file, Optional.empty(), text.getBytes(StandardCharsets.UTF_8))) {
      throw badUsage(file + " is there already; name another file, or remove it");
    }
    if (json()) {
      print(Json.object().put("recipe", found.recipe().fullName()).put("path", file));
      return 0;
    }
    out().printf("Copied %s to %s%n", found.recipe().fullName(), file);
    return 0;
  }
}
