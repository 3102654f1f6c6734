package dev.mixdown.cli.recipes;

import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.pipelines.recipes.RecipeSources.Registered;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Registers a recipe. */
@Command(
    name = "register",
    description = {
      "Register the recipe in a file, with everything that it extends.",
      "",
      "A registered recipe is never changed: another content needs another version."
    },
    sortOptions = false)
final class RegisterRecipeCommand extends JsonCommand {
  @Parameters(paramLabel = "FILE", description = "A recipe's file.")
  private String file = "";

  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Override
  public Integer call() throws Exception {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Registered registered = recipes.sourcesToWrite().register(file, now);
    if (json()) {
      print(
          registered
              .recipe()
              .reference()
              .put("path", registered.path())
              .put("registered", registered.fresh()));
      return 0;
    }
    out()
        .printf(
            "%s %s, %s%n",
            registered.fresh() ? "Registered" : "Registered before:",
            registered.recipe().fullName(),
            registered.recipe().sha256());
    return 0;
  }
}
