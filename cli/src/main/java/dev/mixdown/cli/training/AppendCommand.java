package dev.mixdown.cli.training;

import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.training.AppendTraining;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.training.TrainingInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a training to a history. */
@Command(
    name = "append",
    description = {
      "Add a training to a history: makes training_info.json, or adds to it and brings its totals up to"
          + " date.",
      "",
      "A history says once what it is of (--model-name, --stage, --base-model); later trainings may leave"
          + " that out. Values are JSON where they can be, else text."
    },
    sortOptions = false)
final class AppendCommand extends JsonCommand {
  @Parameters(
      paramLabel = "PATH",
      description = "A training_info.json, or the folder that it is to lie in.")
  private String path = "";

  @Mixin private TrainingOptions training = new TrainingOptions();

  @Mixin private HeaderOptions header = new HeaderOptions();

  @Option(
      names = "--manifest",
      paramLabel = "DIR",
      description =
          "The manifest that it followed: its folder, or its stage's. Without it: the one"
              + " that the file was prepared with.")
  private @Nullable String manifest;

  @Option(
      names = "--consumed",
      paramLabel = "N",
      description =
          "How many samples of the manifest it took, from the first: what a stage that continues it,"
              + " and leaks and exposure of its checkpoint, go by. Without it: steps x batch size,"
              + " marked as an estimate.")
  private @Nullable Long consumed;

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The release repository that knows the stages (default: ${DEFAULT-VALUE}).")
  private String repo = ".";

  @Option(
      names = "--code",
      paramLabel = "DIR",
      defaultValue = ".",
      description =
          "The checkout of the training's code, whose commit is recorded (default:"
              + " ${DEFAULT-VALUE}).")
  private String code = ".";

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Override
  public Integer call() throws Exception {
    if (consumed != null && consumed < 0) {
      throw badUsage("--consumed is " + consumed + "; it may not be below 0");
    }
    Registry registry = registryOption.registry();
    boolean isNew = registryOption.mustBeMade();
    TrainingInfo info =
        new AppendTraining(registry, events(), settings().outboxes())
            .append(
                new AppendTraining.Request(
                    path,
                    header.header(),
                    settings().repository(repo),
                    training.dataset,
                    training.steps,
                    training.epochs(),
                    training.metrics,
                    training.hyperparams,
                    training.start(),
                    training.end(),
                    Optional.ofNullable(manifest),
                    Optional.ofNullable(consumed),
                    code));
    catalog.fill(registryOption.located(), registry);
    if (isNew) {
      err().println("Note: " + registry.folder() + " is a new registry; --registry names another");
    }
    if (json()) {
      print(info.json());
    } else {
      out()
          .printf(
              "Added %s on %s: %s in %s, %s%n",
              Counts.of(training.steps, "step"),
              training.dataset,
              Counts.of(info.totalSteps(), "step"),
              Counts.of(info.history().size(), "training"),
              info.path());
    }
    return 0;
  }
}
