package dev.mixdown.cli.stages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.review.RepositoryReview;
import dev.mixdown.configs.review.RepositoryReview.Outcome;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.Failure;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks configs. */
@Command(
    name = "validate-config",
    description = {
      "Check a config, or all of a repository: every problem, with its place.",
      "",
      "Errors make a stage unusable, and the command ends with 2. Warnings are what is probably"
          + " not meant."
    },
    sortOptions = false)
final class ValidateConfigCommand extends RepositoryCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE|STAGE",
      description =
          "A dataset config, stage_config.yaml or active_stage.yaml, or a stage's name. Without it,"
              + " everything in the repository.")
  private @Nullable String file;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(names = "--strict", description = "Take warnings for errors.")
  private boolean strict;

  @Override
  public Integer call() throws Exception {
    RepositoryReview review = new RepositoryReview(repository());
    StageChoice choice = config.choice(file);
    boolean named =
        choice.variant().isPresent() || choice.config().isPresent() || !choice.tasks().isEmpty();
    Outcome found =
        named || (file != null && review.isStage(file))
            ? review.stage(choice)
            : file == null ? review.all() : review.file(file);
    boolean good = found.errors().isEmpty() && (!strict || found.warnings().isEmpty());
    if (json()) {
      ObjectNode document = Json.object();
      document.put("good", good);
      document.set("files", Json.tree(List.copyOf(found.files())));
      document.set("errors", Problems.json(found.errors()));
      document.set("notes", Problems.json(found.warnings()));
      print(document);
    } else {
      PrintWriter to = good ? out() : err();
      print(found.errors(), "error", to);
      print(found.warnings(), "warning", to);
      to.printf(
          "%s: %s in %s%n",
          good ? "Good" : "mixdown: the config cannot be used",
          count(found),
          found.files().size() == 1
              ? found.files().iterator().next()
              : found.files().size() + " files");
    }
    return good ? 0 : Failure.BAD_CONFIG;
  }

  private static String count(Outcome found) {
    return number(found.errors().size(), "error")
        + ", "
        + number(found.warnings().size(), "warning");
  }

  private static String number(int count, String what) {
    return (count == 0 ? "no" : String.valueOf(count)) + " " + what + (count == 1 ? "" : "s");
  }

  private static void print(List<Problem> problems, String kind, PrintWriter to) {
    for (Problem problem : problems) {
      String pointer = problem.pointer().isEmpty() ? "" : " at " + problem.pointer();
      to.printf("%s %s%s: %s%n", kind, problem.place(), pointer, problem.message());
    }
  }
}
