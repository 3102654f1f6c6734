package dev.mixdown.cli.recipes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.RecipeLibrary.Found;
import dev.mixdown.recipes.RecipeName;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the versions of one recipe. */
@Command(
    name = "versions",
    description = "List the versions of a recipe, oldest first.",
    sortOptions = false)
final class RecipeVersionsCommand extends JsonCommand {
  @Parameters(paramLabel = "ID", description = "A recipe.")
  private String id = "";

  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Override
  public Integer call() throws Exception {
    List<Found> versions = recipes.library().versions(id);
    if (json()) {
      ObjectNode document = Json.object().put("id", id);
      ArrayNode list = document.putArray("versions");
      for (Found one : versions) {
        ObjectNode version = list.addObject().put("version", one.recipe().version().text());
        version.put("sha256", one.recipe().sha256());
        version.put("extends", one.file().base().map(RecipeName::toString).orElse(null));
        version.put("origin", one.file().origin().title()).put("path", one.file().path());
      }
      print(document);
      return 0;
    }
    Table table = new Table("version", "sha256", "from", "file");
    for (Found one : versions) {
      table.row(
          one.recipe().version().text(),
          one.recipe().sha256().substring(0, 12),
          one.file().origin().title(),
          one.file().path());
    }
    table.print(out());
    return 0;
  }
}
