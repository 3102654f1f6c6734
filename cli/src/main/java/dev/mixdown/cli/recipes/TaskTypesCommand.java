package dev.mixdown.cli.recipes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.recipes.TaskType;
import picocli.CommandLine.Command;

/** Lists the task types that there are. */
@Command(name = "task-types", description = "List the task types that recipes may have.")
final class TaskTypesCommand extends JsonCommand {
  @Override
  public Integer call() {
    if (json()) {
      ObjectNode document = Json.object();
      document.set("task_types", Json.tree(TaskType.words()));
      print(document);
      return 0;
    }
    TaskType.words().forEach(word -> out().println(word));
    return 0;
  }
}
