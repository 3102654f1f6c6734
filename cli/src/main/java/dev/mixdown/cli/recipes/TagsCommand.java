package dev.mixdown.cli.recipes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the tags of recipes. */
@Command(name = "tags", description = "List the tags that recipes have.", sortOptions = false)
final class TagsCommand extends JsonCommand {
  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Override
  public Integer call() throws Exception {
    TreeSet<String> tags = new TreeSet<>();
    recipes.library().newest(new Problems()).forEach(found -> tags.addAll(found.recipe().tags()));
    if (json()) {
      ObjectNode document = Json.object();
      document.set("tags", Json.tree(tags));
      print(document);
      return 0;
    }
    tags.forEach(tag -> out().println(tag));
    return 0;
  }
}
