package dev.mixdown.cli.recipes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.recipes.RecipeLibrary.Found;
import dev.mixdown.recipes.RecipeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one recipe. */
@Command(
    name = "show",
    description = "Show a recipe as it was written; as JSON, with everything that it extends.",
    sortOptions = false)
final class ShowRecipeCommand extends JsonCommand {
  @Parameters(paramLabel = "ID", description = "A recipe, ID or ID@VERSION, or its file.")
  private String name = "";

  @Option(names = "--expanded", description = "With everything that it extends.")
  private boolean expanded;

  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Override
  public Integer call() throws Exception {
    Found found = recipes.find(name);
    if (json()) {
      ObjectNode document = found.recipe().json().put("sha256", found.recipe().sha256());
      print(document.put("origin", found.file().origin().title()));
      return 0;
    }
    String text = expanded ? RecipeText.whole(found.recipe()) : found.file().text();
    out().println("# " + found.recipe().sha256() + " (" + found.file().origin().title() + ")");
    out().print(text.endsWith("\n") ? text : text + "\n");
    return 0;
  }
}
