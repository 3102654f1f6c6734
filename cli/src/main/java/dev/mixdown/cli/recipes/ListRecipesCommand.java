package dev.mixdown.cli.recipes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.recipes.Recipe;
import dev.mixdown.recipes.RecipeFile;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.recipes.RecipeLibrary.Found;
import dev.mixdown.recipes.TaskType;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists recipes. */
@Command(
    name = "list",
    description = "List recipes, each in its newest version.",
    sortOptions = false)
final class ListRecipesCommand extends JsonCommand {
  @Option(names = "--task-type", paramLabel = "T", description = "Only of this task type.")
  private @Nullable String taskType;

  @Option(names = "--tag", paramLabel = "G", description = "Only those with this tag.")
  private @Nullable String tag;

  @Mixin private RecipeOptions recipes = new RecipeOptions();

  @Override
  public Integer call() throws Exception {
    if (taskType != null && TaskType.of(taskType).isEmpty()) {
      throw badUsage(
          "--task-type %s: there is no such task type%s"
              .formatted(taskType, DidYouMean.hint(taskType, TaskType.words())));
    }
    RecipeLibrary library = recipes.library();
    Problems broken = new Problems(RecipeFile.WHAT);
    List<Found> all = library.newest(broken);
    broken.list().forEach(p -> err().println("Note: this recipe is left out: " + p));
    requireTag(all);
    List<Found> found =
        all.stream()
            .filter(f -> taskType == null || f.recipe().taskType().word().equals(taskType))
            .filter(f -> tag == null || f.recipe().tags().contains(tag))
            .toList();
    if (json()) {
      ArrayNode list = Json.array();
      found.forEach(f -> list.add(json(f)));
      ObjectNode document = Json.object();
      document.set("recipes", list);
      print(document);
      return 0;
    }
    if (found.isEmpty()) {
      out().println("No recipes of " + (taskType == null ? "tag " + tag : "task type " + taskType));
      return 0;
    }
    Table table =
        new Table("id", "version", "task type", "algorithm", "size", ">GPUs", "tags", "from");
    for (Found one : found) {
      Recipe recipe = one.recipe();
      table.row(
          recipe.id(),
          recipe.version().text(),
          recipe.taskType().word(),
          recipe.algorithm().word(),
          recipe.sizeHint().word(),
          recipe.minGpus() + "-" + recipe.recommendedGpus(),
          String.join(", ", recipe.tags()),
          one.file().origin().title());
    }
    table.print(out());
    return 0;
  }

  private void requireTag(List<Found> all) {
    TreeSet<String> tags = new TreeSet<>();
    all.forEach(f -> tags.addAll(f.recipe().tags()));
    if (tag != null && !tags.contains(tag)) {
      throw badUsage(
          "--tag %s: no recipe has this tag%s".formatted(tag, DidYouMean.hint(tag, tags)));
    }
  }

  private static ObjectNode json(Found found) {
    Recipe recipe = found.recipe();
    ObjectNode json = Json.object().put("id", recipe.id()).put("name", recipe.name());
    json.put("description", recipe.description()).put("task_type", recipe.taskType().word());
    json.put("algorithm", recipe.algorithm().word());
    json.set("tags", Json.tree(recipe.tags()));
    json.put("version", recipe.version().text()).put("sha256", recipe.sha256());
    return json.put("origin", found.file().origin().title());
  }
}
