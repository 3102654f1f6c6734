package dev.mixdown.cli.recipes;

import dev.mixdown.cli.output.ParentCommand;
import picocli.CommandLine.Command;

/** The command {@code mixdown recipes}. */
@Command(
    name = "recipes",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Training recipes: which there are, fitted to a model and GPUs, held against data.",
    footer = {
      "",
      "Recipes are built in, lie in recipes/*.yaml of the release repository, or are in the registry.",
      "ID alone means the newest version; ID@1.0.0 a certain one."
    },
    subcommands = {
      ListRecipesCommand.class,
      ShowRecipeCommand.class,
      RecipeVersionsCommand.class,
      ApplyRecipeCommand.class,
      ValidateRecipeCommand.class,
      CopyRecipeCommand.class,
      RegisterRecipeCommand.class,
      TaskTypesCommand.class,
      TagsCommand.class
    })
public final class RecipesCommands extends ParentCommand {}
